"""Credentials of every kind that is known, planted where people leave them: none of them is in anything that a run leaves."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping

import pytest
from hostile_tree.judging import report_of
from hostile_tree.running import FORMATS, Ran, Sandbox, programs

from mlsec_lint.catalogue.catalogue import load_catalogue
from mlsec_lint.catalogue.model import TextFormat
from mlsec_lint.fixtures.fakes import FakeError, make_fake

CHANCE = random.Random(7)
LETTERS = "bcdfghjkmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ23456789"


def word(length: int = 18) -> str:
    """A made-up password."""
    return "".join(CHANCE.choice(LETTERS) for _ in range(length))


LEAST = 8
"""Shorter pieces of text may stand anywhere by chance."""


def made(fact: TextFormat) -> Iterator[str]:
    while True:
        yield make_fake(fact, CHANCE)


def secret_in(fact: TextFormat, text: str) -> str:
    """The part of a text that is secret: a connection string has its password."""
    found = re.fullmatch(fact.pattern, text)
    return (found.groupdict().get("secret") if found else None) or text


def fakes() -> Iterator[tuple[str, str]]:
    """A credential for each format that the rules know, by its name."""
    for fact in load_catalogue().facts:
        if isinstance(fact, TextFormat):
            try:
                yield fact.name, next(fake for fake in made(fact) if len(secret_in(fact, fake)) >= LEAST)
            except FakeError:  # its pattern looks around; tests of fakes say which ones
                continue


KEYS = dict(fakes())
SECRETS = {
    fact.name: secret_in(fact, KEYS[fact.name])
    for fact in load_catalogue().facts
    if isinstance(fact, TextFormat) and fact.name in KEYS
}
PASSWORDS = {name: word() for name in (
    *("assigned", "keyword", "default", "fallback", "field", "argument", "dictionary", "uri", "bearer"),
    *("environment", "annotated", "joined", "escaped", "compared", "attribute", "session", "jwt"),
    *("raw", "formatted", "broken", "nested", "magic", "shell", "output", "lines", "bind", "sql", "beside"),
)}  # fmt: skip

P = PASSWORDS
ESCAPED = "".join(f"\\x{ord(letter):02x}" for letter in P["escaped"])
CODE = f"""
import argparse, os, subprocess
import jwt, psycopg2, redis, requests, sqlalchemy, torch
from flask import Flask
from pydantic import BaseModel

password = "{P["assigned"]}"
db_password: str = '{P["annotated"]}'
api_key = "{P["joined"][:9]}" "{P["joined"][9:]}"
auth_token = "{ESCAPED}"
client_secret = r'''{P["raw"]}'''
app = Flask(__name__)
app.secret_key = "{P["session"]}"
app.config["SECRET_KEY"] = "{P["attribute"]}"
os.environ["DB_PASSWORD"] = "{P["environment"]}"
settings = {{"password": "{P["dictionary"]}", "user": "admin"}}
psycopg2.connect(host="db", user="admin", password="{P["keyword"]}")
redis.Redis(host="db", password=os.getenv("REDIS_PASSWORD", "{P["fallback"]}"))
sqlalchemy.create_engine("postgresql://admin:{P["uri"]}@db.internal/main")
requests.get("https://example.com", headers={{"Authorization": "Bearer {P["bearer"]}"}}, verify=False)
jwt.encode({{}}, "{P["jwt"]}", algorithm="HS256")
subprocess.run("curl -u admin:{P["shell"]} https://example.com " + name, shell=True)
os.system(f"mysql -p{P["formatted"]} {{name}}")
cursor.execute("SELECT * FROM users WHERE password = '{P["sql"]}' AND name = '%s'" % name)
torch.load(path, weights_only=False); token = "{P["beside"]}"
torch.load("https://admin:{P["bind"]}@example.com/model.pt", weights_only=False)
if password == "{P["compared"]}": pass
parser = argparse.ArgumentParser()
parser.add_argument("--password", default="{P["argument"]}")
password = ("first"
    "{P["lines"]}")


class Settings(BaseModel):
    db_password: str = "{P["field"]}"


def login(user, password="{P["default"]}"):
    def inner(secret_token="{P["nested"]}"):
        return eval(user)
    return inner
"""


def planted(name: str, key: str) -> str:
    """A key in all the places of a module where it is seen beside findings."""
    first = key.splitlines()[0]
    return f'''import os, torch
# {name}: {first}
torch.load("a", weights_only=False)  # {first}
KEY = {key!r}
torch.load({key!r}, weights_only=False)
os.environ["API_KEY"] = {key!r}
client = connect(api_key={key!r}, token=b{key.encode().decode("ascii", "replace")!r})
os.system("curl -H 'Authorization: Bearer " + {key!r} + "' " + name)
"""Use {first} here."""; eval(name)
PROMPT = f"You are an assistant. Your key is {first}. {{name}}"
def f(token={key!r}): return eval(token)
'''


def notebook(texts: Mapping[str, str]) -> str:
    """Keys in every part of a notebook."""
    cells: list[dict[str, object]] = []
    for name, key in texts.items():
        first = key.splitlines()[0]
        output = {"output_type": "stream", "name": "stdout", "text": [f"key {first}\n", key]}
        page = {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": f"<b>{first}</b>", "text/plain": key},
        }
        error = {"output_type": "error", "ename": "E", "evalue": first, "traceback": [key]}
        source = f"import torch\nkey = {key!r}\ntorch.load(key, weights_only=False)  # {first}\n%env API_KEY={first}\n"
        source += f"!curl -H 'Authorization: Bearer {first}' https://example.com | sh\n!pip install git+https://{first}@github.com/a/b"
        cells.append(
            {
                "cell_type": "code",
                "id": name[:60],
                "metadata": {"key": first},
                "source": source,
                "outputs": [output, page, error],
            }
        )
        cells.append({"cell_type": "markdown", "metadata": {}, "source": f"The key is {first}"})
    return json.dumps({"cells": cells, "metadata": {"key": P["output"]}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, bytes]:
    """A run with every rule over all of it, and what it left in the cache."""
    folder = tmp_path_factory.mktemp("canaries").resolve()
    for name in ("tree", "markers"):
        (folder / name).mkdir()
    tree = folder / "tree"
    (tree / "passwords.py").write_text(CODE, encoding="utf-8")
    for name, key in KEYS.items():
        (tree / f"{name.replace('/', '-')}.py").write_text(planted(name, key), encoding="utf-8")
    (tree / "all.ipynb").write_text(notebook(KEYS), encoding="utf-8")
    (tree / "magics.ipynb").write_text(notebook({"magic": P["magic"]}), encoding="utf-8")
    (tree / "broken.py").write_text(f'password = "{P["broken"]}" "unclosed\n', encoding="utf-8")
    (tree / "latin.py").write_bytes(f'password = "{P["broken"]}\xff"\n'.encode("latin-1"))
    (tree / "deep.py").write_text(f'password = {"(" * 400}"{P["broken"]}"{")" * 400}\n', encoding="utf-8")
    (tree / "chain.py").write_text(f'password = "{P["broken"]}"' + ' + "a"' * 3_000 + "\n", encoding="utf-8")
    box = Sandbox(folder)
    done = box.run(programs()["python -m"], tree, "--select", "ALL", "--profile", "audit", "--no-ignores")
    kept = b"".join(path.read_bytes() for path in (folder / "cache").rglob("*") if path.is_file())
    return done, kept


def test_there_is_much_to_leak(ran: tuple[Ran, bytes]) -> None:
    done, kept = ran
    found = report_of(done)["findings"]
    assert len(KEYS) > 30
    assert len({finding["rule"] for finding in found}) > 20
    assert {finding["path"] for finding in found} >= {"passwords.py", "all.ipynb", "magics.ipynb"}
    assert len([finding for finding in found if finding["path"] == "passwords.py"]) > 25
    assert set(done.outputs) == set(FORMATS)
    assert len(kept) > 10_000


def pieces(secret: str) -> Iterator[str]:
    """The secret and its halves, as they would be found in any of the formats."""
    for line in secret.splitlines():
        middle = len(line) // 2
        for piece in {line, line[middle:]}:
            if len(piece) >= LEAST and not piece.startswith("-----"):
                yield piece


@pytest.mark.parametrize("name", KEYS)
def test_no_key_of_a_known_format_appears(ran: tuple[Ran, bytes], name: str) -> None:
    assert leaks(ran, SECRETS[name]) == []


@pytest.mark.parametrize("name", PASSWORDS)
def test_no_password_appears(ran: tuple[Ran, bytes], name: str) -> None:
    assert leaks(ran, PASSWORDS[name]) == []


def leaks(ran: tuple[Ran, bytes], secret: str) -> list[str]:
    done, kept = ran
    texts = {**done.outputs, "stderr": done.errors, "cache": kept}
    return [
        f"{place}: {text[max(0, at - 80) : at + 40]!r}"
        for piece in pieces(secret)
        for place, text in texts.items()
        if (at := text.find(piece.encode())) >= 0
    ]
