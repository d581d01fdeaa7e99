"""Exchanges password hashes with passlib, both ways, and takes Django's over, through a running server and its database.

Usage: passlib.py PATH_OF_AUTHSERVER
"""

import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

# This file is named for what it tests; without this it would import itself.
sys.path.pop(0)
import django.conf  # noqa: E402
from passlib.hash import bcrypt, bcrypt_sha256  # noqa: E402

django.conf.settings.configure()
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher  # noqa: E402

COST = 5
PASSWORDS = {
    "one byte": "x",
    "as in the specification": "b4l0u",
    "not ASCII": "pässwörd, 密码, пароль, 🔑",
    "71 bytes": "a" * 71,
    "72 bytes": "b" * 72,
    "73 bytes": "c" * 73,
    "72 bytes in 36 characters": "é" * 36,
    "74 bytes in 37 characters": "é" * 37,
    "NUL inside": "before\0after",
    "NUL first": "\0",
    "4096 bytes": "0123456789abcdef" * 256,
}


def main(program):
    with tempfile.TemporaryDirectory() as directory:
        path = directory + "/auth.sqlite"
        arguments = ["--host", "127.0.0.1", "--port", "0", "--database", path, "--bcrypt-cost", str(COST)]
        server = subprocess.Popen([program, *arguments], stderr=subprocess.PIPE, text=True)
        try:
            port = next(match[1] for line in server.stderr if (match := re.search(r"listening on [\d.]+:(\d+)", line)))
            exchange(f"http://127.0.0.1:{port}", path)
        finally:
            server.terminate()
            server.wait(timeout=60)
    print(f"passlib and the server agree on {len(PASSWORDS)} passwords, both ways; it takes over {sum(len(hashes(text)) for text in PASSWORDS.values())} hashes")


def exchange(url, path):
    for name, password in PASSWORDS.items():
        # Their formats say which one to expect: plain bcrypt, unless it would truncate.
        scheme = bcrypt if fits_bcrypt(password) else bcrypt_sha256
        assert status(url + "/users", email=name, password=password) == 200, name
        ours = stored_hash(path, name)
        check(scheme, name, password, ours)

        for variant, theirs in hashes(password).items():
            store_hash(path, name, theirs)
            assert status(url + "/sessions", email=name, password=password[:-1] + "!") == 401, f"{name}: {variant}"
            assert stored_hash(path, name) == theirs, f"{name}: a wrong password replaced {variant}"
            assert status(url + "/sessions", email=name, password=password) == 200, f"{name}: we refuse {variant}"
            if variant in TODAYS:
                assert stored_hash(path, name) == theirs, f"{name}: a log in replaced {variant}"
            else:
                assert stored_hash(path, name) != theirs, f"{name}: a log in left {variant}"
                check(scheme, name, password, stored_hash(path, name))
            assert status(url + "/sessions", email=name, password=password) == 200, f"{name}: once only by {variant}"


def check(scheme, name, password, ours):
    assert scheme.identify(ours), f"{name}: stored as {ours[:16]}…"
    assert not scheme.using(rounds=COST).needs_update(ours), f"{name}: {ours[:16]}… is outdated"
    assert scheme.verify(password, ours), f"{name}: passlib refuses our hash"
    assert not scheme.verify(password[:-1] + "!", ours), f"{name}: passlib takes another password for ours"


# What the server makes itself; all else it replaces when its owner logs in.
TODAYS = ["2b", "bcrypt-sha256, version 2"]


def hashes(password):
    """The password's hashes that the server must accept, by name."""
    django = BCryptSHA256PasswordHasher()
    django.rounds = COST
    version1 = {ident: bcrypt_sha256.using(version=1, ident=ident, rounds=COST) for ident in ("2a", "2b")}
    plain = ("2a", "2b", "2y") if fits_bcrypt(password) else ()
    return {
        **{ident: bcrypt.using(rounds=COST, ident=ident).hash(password) for ident in plain},
        "bcrypt-sha256, version 2": bcrypt_sha256.using(rounds=COST).hash(password),
        **{f"bcrypt-sha256, version 1, {ident}": variant.hash(password) for ident, variant in version1.items()},
        "Django": django.encode(password, django.salt()),
    }


def fits_bcrypt(password):
    return len(password.encode()) <= 72 and "\0" not in password


def stored_hash(path, email):
    with sqlite3.connect(path) as database:
        return database.execute("SELECT hashed_password FROM users WHERE email = ?", [email]).fetchone()[0]


def store_hash(path, email, text):
    with sqlite3.connect(path) as database:
        database.execute("UPDATE users SET hashed_password = ? WHERE email = ?", [text, email])


def status(url, **fields):
    request = urllib.request.Request(url, urllib.parse.urlencode(fields).encode(), method="POST")
    try:
        return urllib.request.urlopen(request, timeout=60).status
    except urllib.error.HTTPError as error:
        return error.code


main(sys.argv[1])
