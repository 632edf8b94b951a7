"""How the job ends: as the analysis did, whatever became of the upload."""

from __future__ import annotations

import os

from runner import say

MESSAGES = {
    1: "there are findings at or above 'fail-on'; the annotations and the run's summary list them",
    2: "something could not be checked; the log says what, and 'allow-unfinished: true' accepts it",
}


def verdict() -> int:
    """The exit code of the job."""
    if os.environ["UPLOAD_OUTCOME"] == "failure":
        say(
            "notice",
            "results could not be uploaded to code scanning. The job needs the permission 'security-events: write', "
            "and the repository needs code scanning (a private one GitHub Code Security). 'upload: never' ends this notice.",
        )
    code = int(os.environ["EXIT_CODE"])
    if code in MESSAGES:
        say("error", MESSAGES[code])
    return code
