"""Calls that Bandit reports, and their harmless neighbours."""
import crypt
import hashlib
import importlib
import logging.config
import os
import pickle as pk
import ssl
import subprocess
import tarfile
import tempfile
import xml.dom.minidom
import xml.etree.ElementTree as ET
from hashlib import md5 as quick
from hashlib import new
from subprocess import Popen as P
from urllib.request import urlopen

import dill
import httpx
import marshal
import pandas as pd
import paramiko
import requests
import shelve
import torch
import torch.serialization as ts
import yaml
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.ciphers import modes
from cryptography.hazmat.primitives.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.hashes import MD5
from Crypto.Cipher import DES
from Crypto.Hash import MD4
from Crypto.PublicKey import RSA
from django.db.models import Model
from django.db.models.expressions import RawSQL
from django.utils import safestring
from flask import Flask
from jinja2 import Environment, select_autoescape
from mako.template import Template
from markupsafe import Markup
from pysnmp.hlapi import CommunityData, UsmUserData
from transformers import AutoModel
import datasets
import telnetlib, ftplib

app = Flask(__name__)
app.run(debug=True)
app.run(
    host="127.0.0.1",
    debug=True,
)
app.run(debug=False)
exec("print(1)")
exec(f"print({app})")
eval("1 + 1")
os.chmod("/etc/hosts", 0o777)
os.chmod(app.root, 0o770)
os.chmod(b"bytes", 511)
os.chmod("/etc/hosts", 0o600)
os.fchmod(3, 0o666)
requests.get("https://example.org")
requests.get("https://example.org", timeout=None)
requests.get("https://example.org", timeout=5, verify=False)
requests.post(
    "https://example.org",
    timeout=5,
    verify=False,
)
httpx.get("https://example.org", verify=False, timeout=None)
httpx.Client(verify=True)
{}.get("requests")
tar = tarfile.open("x.tar")
tar.extractall("there")
tar.extractall("there", filter="data")
tar.extractall(path="there", members=members(tar))
tar.extractall(path="there", members=[x for x in tar])
tar.extractall(path="there", members=chosen)
pk.loads(b"")
pk.Unpickler(open("f"))
dill.load(open("f"))
shelve.open("x")
pd.read_pickle("x")
pd.DataFrame().to_pickle("x")
marshal.loads(b"")
MD5()
MD4.new()
ARC4(b"")
DES.new(b"")
modes.ECB()
tempfile.mktemp()
safestring.mark_safe("<b>")
safestring.mark_safe(app.text)
name = "<b>%s" % app.text
safestring.mark_safe(name)
safestring.mark_safe("<b>{}".format(name))
urlopen("file:///etc/passwd")
random.random()
import random
random.random()
random.SystemRandom().random()
telnetlib.Telnet("host")
ftplib.FTP("host")
import xml.etree.cElementTree
xml.etree.cElementTree.parse("x")
ET.parse("x")
import xml.sax
import xml.sax.expatreader
import xml.dom.expatbuilder as eb
from xml.dom import pulldom
xml.sax.expatreader.create_parser()
eb.parse("x")
xml.sax.make_parser()
xml.dom.minidom.parseString("")
pulldom.parse("x")
ssl._create_unverified_context()
hashlib.md5(b"")
quick(b"")
hashlib.sha1(b"", usedforsecurity=False)
hashlib.new("MD5")
new(name="sha1", data=b"")
hashlib.new("sha256")
crypt.crypt("x", salt=crypt.METHOD_MD5)
crypt.mksalt(crypt.METHOD_CRYPT)
ssl.wrap_socket(ssl_version=ssl.PROTOCOL_SSLv2)
ssl.wrap_socket()
context(method=ssl.PROTOCOL_TLSv1,
        ssl_version=1)
import pyOpenSSL.SSL
pyOpenSSL.SSL.Context(method=SSL.SSLv3_METHOD)
rsa.generate_private_key(65537, 1024)
rsa.generate_private_key(public_exponent=65537, key_size=512)
rsa.generate_private_key(65537, key_size=4096)
dsa.generate_private_key(key_size=1024)
ec.generate_private_key(curve=ec.SECT163K1)
ec.generate_private_key(ec.SECP521R1)
RSA.generate(bits=512)
yaml.load("x")
yaml.load("x", Loader=yaml.Loader)
yaml.load("x", Loader=yaml.SafeLoader)
yaml.load("x", yaml.CSafeLoader)
yaml.safe_load("x")
client = paramiko.SSHClient()
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
client.set_missing_host_key_policy(paramiko.WarningPolicy)
client.set_missing_host_key_policy(paramiko.RejectPolicy())
client.exec_command("ls")
CommunityData("public", mpModel=0)
CommunityData("public", mpModel=2)
UsmUserData("name")
UsmUserData("name", "key", "key")
subprocess.Popen("ls", shell=True)
subprocess.Popen(f"ls {name}", shell=True)
subprocess.call(
    name,
    cwd="/",
    shell=True,
)
P(["ls", name])
P(["/bin/ls"], shell=False)
subprocess.run("tar x *", shell="True")
subprocess.run("chown root *", shell=True)
subprocess.run(["tar", "*"], shell=True)
anything(name, shell=True)
anything(name, shell=[])
anything(name, shell={1: 2})
anything(name, shell=1.5)
anything(name, shell=flag)
os.system("ls")
os.system("/bin/tar x *")
os.system(name)
os.popen("rsync *")
os.execl("ls")
os.spawnlp(name)
Model.objects.extra(where=[name])
Model.objects.extra(select={"a": "b"})
Model.objects.extra({name: "b"}, tables=["t"])
RawSQL(name, [])
RawSQL("select 1", [])
RawSQL(sql=name)
logging.config.listen(9999)
logging.config.listen(9999, verify=check)
torch.load("x")
torch.load("x", weights_only=True)
ts.load("x", weights_only=False)
torch.jit.load("x")
AutoModel.from_pretrained("org/name")
AutoModel.from_pretrained("org/name", revision="main")
AutoModel.from_pretrained("org/name", revision="a" * 40)
AutoModel.from_pretrained("org/name", revision="abcdef0123456789")
AutoModel.from_pretrained("./here")
datasets.load_dataset("csv")
Environment()
Environment(autoescape=False)
Environment(autoescape=True)
Environment(autoescape=select_autoescape())
Environment(autoescape=name)
Template("x")
Markup(name)
Markup("x")
Markup(name).format(1)
__import__("pickle")
__import__(name)
__import__()
importlib.import_module("telnetlib")
importlib.import_module(name="subprocess")
importlib.__import__("ftplib")
getattr(os, "system")("ls")
(os
 .popen)("ls")
connect(host="h", password="hunter22", token=None)
connect(
    host="h",
    secret="hunter22",
)
connect(tokens="hunter22", bypass="hunter22", **{"password": "x"})
