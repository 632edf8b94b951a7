"""No test reads or leaves results of other runs; those that are about the cache name a folder of their own."""

from __future__ import annotations

import os
import signal

os.environ["MLSEC_LINT_NO_CACHE"] = "1"

# A shell ignores Ctrl-C for what it runs in the background, and what it starts inherits that: tests of interrupts need it.
signal.signal(signal.SIGINT, signal.default_int_handler)
