"""Statements, strings and imports that Bandit reports, and their harmless neighbours."""
from __future__ import annotations

import ssl
import pickle, subprocess as sp
import shelve as s, cPickle
import pickleshare
from . import pickle as sibling
from .subprocess import run
import xml.sax.handler, xmlrpc.client, pyghmi.ipmi
from xml.etree import cElementTree, ElementTree
from xml.dom import expatbuilder, minidom, pulldom
from wsgiref.handlers import CGIHandler
from twisted.web.twcgi import *
import Crypto.Random
import telnetlib
import ftplib
import xmlrpc.server
from pyghmi import ipmi


assert sp, "text"
assert (
    sp
    and ssl
)
bind = "0.0.0.0"
bind = ["0.0.0.0", "0.0.0.0:80", b"0.0.0.0"]
listen(host="0.0.0.0")
"0.0.0.0"
password = "hunter22"
password: str = "hunter22"
self.db_token = "<pad>"
PASSWORD, other = "a", "b"
first = secret_name = "x"
settings["api_token"] = "hunter22"
settings["api_token"][0] = "hunter22"
settings = {"password": "hunter22", "token": 12345, "user": "password", **settings, "pwd": None}
if password == "hunter22" or self.token != "x" or "password" == password:
    pass
vocabulary = {"token_" + "x": 1, "secret": f"{bind}"}
files = ["/tmp/x", "/var/tmp", "/dev/shm/x", "/temp"]
open(f"/tmp/{bind}")
"""
/tmp
"""
def login(user, password="hunter22", *, token="x"):
    """password = "hunter22"."""
    def inner(secret=None, pwd="", passphrase=("x")):
        return "/tmp"
    return "/tmp/" + user
async def later(password="hunter22"):
    pass
def listener(version=ssl.PROTOCOL_SSLv3, other=ssl.PROTOCOL_TLS_CLIENT):
    pass
default = lambda password="hunter22", where="/tmp/x": where
try:
    pass
except:
    pass
try:
    pass
except Exception:
    pass
except (ValueError, KeyError):
    pass
for x in y:
    try:
        pass
    except Exception as error:
        continue
    try:
        pass
    except ValueError:
        continue
class Store:
    table = "SELECT * FROM %s" % bind
    def find(self, cursor):
        cursor.execute("SELECT * FROM " + self.table + " WHERE x = 1")
        cursor.execute("SELECT * FROM {}".format(self.table))
        cursor.execute("SELECT * FROM ?".replace("?", self.table))
        cursor.execute(f"SELECT * FROM {self.table} WHERE {self.table}")
        cursor.executemany(
            f"""
            DELETE FROM {self.table}
            """
            "WHERE x = 1",
            [],
        )
        query = "INSERT " + "INTO " + self.table + " VALUES (1)"
        query = "update " + self.table + "\nset " + "x"
        query = f"sel{self.table}ect x from y"
        query = f"{self.table}: select one from the list"
        query = "select %s from here" % ("delete from x" + "y")
        return "Select something nice"
[x for x in "/tmp/x" if x == "0.0.0.0"]
with open("/tmp/x") as a, open(
    "/tmp/y"
) as b:
    pass
