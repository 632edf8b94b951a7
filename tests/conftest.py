"""No test reads or leaves results of other runs; those that are about the cache name a folder of their own."""

from __future__ import annotations

import os

os.environ["MLSEC_LINT_NO_CACHE"] = "1"
