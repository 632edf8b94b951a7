"""`# nosec` in all the forms that Bandit reads, or misreads."""
import subprocess
import subprocess  # nosec
import subprocess  #nosec
import subprocess  # nosec: B404
import subprocess  # nosec B403
import subprocess  # nosec B404, B403
import subprocess  # nosec B403,B404
import subprocess  # nosec B404,B403
import subprocess  # nosec import_subprocess
import subprocess  # nosec import_pickle
import subprocess  # nosec because it is needed
import subprocess  # nosec random because it is needed
import subprocess  # noqa: X # nosec B404 # more
import subprocess  # nosec # B403
import subprocess  # NOSEC
import subprocess  # nosecurity
import subprocess  # nosec b404
import subprocess  # nosec B001
import subprocess  # nosec hashlib_insecure_functions
import subprocess  # nosec hashlib
subprocess.Popen("ls", shell=True)  # nosec B602
subprocess.Popen(
    "ls",  # nosec B602
    shell=True,
)
subprocess.Popen(
    "ls",
    shell=True,  # nosec B607
)
subprocess.Popen(  # nosec B602
    "ls",
    shell=True,  # nosec B607
)
subprocess.Popen("ls",
                 shell=True)  # nosec
def login(
    password="hunter22",
):
    nothing()  # nosec B107
    host = "0.0.0.0"
def serve(host="0.0.0.0",
          path="/tmp/x"):  # nosec B108
    pass
def serve(host="0.0.0.0",  # nosec
          path="/tmp/x"):
    pass
hosts = [
    "0.0.0.0",  # nosec
    "0.0.0.0",
]
hosts = {
    "a": "0.0.0.0",
    "b": "0.0.0.0",  # nosec B104
}
text = """
/tmp  # nosec
"""
path = """/tmp
# nosec
"""  # nosec B108
query = (
    "SELECT * FROM "  # nosec B608
    + table
)
try:
    pass
except Exception:  # nosec
    pass
try:
    pass
except Exception:
    pass  # nosec B110
try:
    pass
except Exception:
    pass  # nosec B101
assert query  # nosec B101 B102
with open("/tmp/x") as a, open(
    "/tmp/y"
) as b:  # nosec
    pass
[x for x in "/tmp/x"
 if x]  # nosec
