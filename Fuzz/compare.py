#!/usr/bin/env python3
"""Compares our parsers with those of Python's standard library, on inputs made at random from the corpus and from scratch.

usage: compare.py PROGRAM [--seconds N] [--seed N]

PROGRAM is the built Fuzz, which parses what comes in. The seed is printed; the same seed makes the same inputs.
"""

import argparse
import csv
import email.parser
import io
import ipaddress
import json
import pathlib
import random
import re
import struct
import subprocess
import sys
import time
import urllib.parse

CORPUS = pathlib.Path(__file__).resolve().parent / "Corpus"
# In the order in which ours has them.
FIELDS = [
    "email", "password", "reset_token", "new_password", "new_password_again", "current_password", "remember",
    "return_session_id", "token", "registration", "code", "verification_token", "email_change_token", "take_back_token",
    "recovery_email_token", "to_recovery_email",
]
# JSON may have these without quotation marks.
FLAGS = ["remember", "return_session_id", "to_recovery_email"]
MOST_BYTES = 4096

# What the parsers make of bytes that are no text.
UNREADABLE = object()


class Parsers:
    """Ours, in a process of their own."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "compare"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def parse(self, parser, data):
        self.process.stdin.write(parser + struct.pack(">I", len(data)) + data)
        self.process.stdin.flush()
        return self.read(self.read_length())

    def read_length(self):
        return struct.unpack(">I", self.read(4))[0]

    def read(self, count):
        data = self.process.stdout.read(count)
        if len(data) < count:
            raise EOFError("the program ended")
        return data

    def fields(self, parser, data):
        """The fields by name; None for a body that is refused."""
        response = self.parse(parser, data)
        if not response:
            return None
        fields, place = {}, 1
        for name in FIELDS:
            kind = response[place]
            place += 1
            if kind == 1:
                fields[name] = UNREADABLE
            elif kind == 2:
                length = struct.unpack_from(">I", response, place)[0]
                fields[name] = response[place + 4 : place + 4 + length].decode()
                place += 4 + length
        return fields


def texts(response):
    """Lists of texts; None for one that cannot be read."""
    place, lists = 0, []

    def number():
        nonlocal place
        place += 4
        return struct.unpack_from(">I", response, place - 4)[0]

    while place < len(response):
        place += 1
        if response[place - 1] == 0:
            lists.append(None)
            continue
        lists.append([])
        for _ in range(number()):
            length = number()
            lists[-1].append(response[place : place + length].decode())
            place += length
    return lists


def first_fields(pairs):
    """Of the pairs of name and value, those that are fields; of several values the first. Values are bytes, or texts of Latin-1."""
    fields = {}
    for name, value in pairs:
        if name in FIELDS and name not in fields:
            try:
                fields[name] = value.encode("latin-1").decode() if isinstance(value, str) else value.decode()
            except UnicodeDecodeError:
                fields[name] = UNREADABLE
    return fields


# Each comparison takes our parsers and an input; it returns None where both agree or nothing can be said, else what differs.


def compare_urlencoded(parsers, body):
    # As Latin-1, in which each byte is a character, and back.
    pairs = urllib.parse.parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    return difference(parsers.fields(b"u", body), first_fields(pairs) if body else {})


def compare_json(parsers, body):
    ours = parsers.fields(b"j", body)
    if not body:
        return difference(ours, {})
    try:
        # A byte order mark is allowed; RFC 8259, 8.1.
        text = body.decode("utf-8-sig")
        pairs = json.loads(text, object_pairs_hook=Members, parse_int=float_of, parse_float=float_of, parse_constant=refuse)
        theirs = pairs.fields() if isinstance(pairs, Members) else None
    except (ValueError, RecursionError):
        theirs = None
    if theirs is not None and ours is None:
        # Limits of ours, and text that Python takes: lone surrogates and NULs between the tokens are neither UTF-8 nor JSON.
        if is_beyond_limits(text) or has_lone_surrogate(text):
            return None
    return difference(ours, theirs)


def float_of(text):
    return 0.0


def refuse(text):
    raise ValueError(f"{text} is not JSON")


class Members(list):
    """The members of an object in their order, repeated ones too."""

    def fields(self):
        fields = {}
        for name, value in self:
            if name in FIELDS and name not in fields:
                if name in FLAGS and isinstance(value, bool):
                    value = str(value).lower()
                fields[name] = value if isinstance(value, str) and is_text(value) else UNREADABLE
        return fields


def is_text(value):
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in value)


def has_lone_surrogate(text):
    return re.search(r"\\u[dD][89a-fA-F]", text) is not None


def is_beyond_limits(text):
    # Names may have 256 bytes; nesting has a limit of some hundreds.
    return len(text.encode()) > 256 and (re.search(r'"[^"]{64,}"\s*:', text) or max(depths(text)) > 100)


def depths(text):
    depth = 0
    yield depth
    for character in text:
        depth += (character in "[{") - (character in "]}")
        yield depth


# RFC 9110, 5.6.6. A backslash escapes a quotation mark or itself alone: Python leaves all others.
TOKEN = rb"[A-Za-z0-9!#$%&'+.^_`|~-]+"
PARAMETERS = rb"(?: *; *%b=(?:%b|\"(?:[^\\\"\r\n]|\\[\\\"])*\"))* *" % (TOKEN, TOKEN)


def is_comparable(content_type, body):
    """Whether Python's parser has to read what we read. Faulty headers, and those that no browser sends, both read as they can.
    It also ends lines at a CR or LF alone, and unfolds headers."""
    return (
        body
        and re.fullmatch(rb"multipart/form-data" + PARAMETERS, content_type, re.I) is not None
        and re.search(rb"\r(?!\n)|(?<!\r)\n|\r\n[ \t]", body) is None
        and all(
            re.fullmatch(rb"content-disposition: *%b%b" % (TOKEN, PARAMETERS), header, re.I)
            for header in re.findall(rb"^content-disposition[^\r\n]*", body, re.I | re.M)
        )
    )


def compare_multipart(parsers, data):
    content_type, _, body = data.partition(b"\n")
    ours = parsers.fields(b"m", data)
    # What we refuse Python's parser takes if it possibly can.
    if ours is None or not is_comparable(content_type, body):
        return None
    message = email.parser.BytesParser().parsebytes(b"Content-Type: " + content_type + b"\r\n\r\n" + body)
    # RFC 2046, 5.1.1: a line that begins with the boundary is a delimiter, whatever follows. Python asks for more.
    if re.search(rb"--%b(?!(?:--)?[ \t]*(?:\r\n|$))" % re.escape((message.get_boundary() or "").encode()), body):
        return None
    if not message.is_multipart():
        return f"we found {shown(ours)}, Python no parts" if ours else None
    pairs = []
    for part in message.get_payload():
        if part.is_multipart() or part.defects:
            return None
        # RFC 7578, 4.7: forms have no transfer encoding.
        del part["content-transfer-encoding"]
        name = part.get_param("name", header="content-disposition")
        file = part.get_param("filename", header="content-disposition")
        if name is not None and file is None:
            pairs.append((name, part.get_payload(decode=True)))
    return difference(ours, first_fields(pairs))


def compare_address(parsers, data):
    return compare_numbers(parsers, b"a", data, ipaddress.ip_address)


def compare_network(parsers, data):
    return compare_numbers(parsers, b"n", data, ipaddress.ip_network)


def compare_numbers(parsers, parser, data, parse):
    printed = parsers.parse(parser, data).decode()
    text = data.decode("utf-8", "replace")
    # We leave out every zone, Python checks those of version 6; and it takes masks in the place of a prefix length.
    if "%" in text or re.search(r"/.*[^0-9]|/0[0-9]", text):
        return None
    try:
        theirs = unmapped(parse(text))
    except ValueError:
        theirs = None
    # Read again, because glibc prints `::c000:201` as `::192.0.2.1`.
    ours = parse(printed) if printed else None
    return None if ours == theirs else f"we read {ours}, Python {theirs}"


def unmapped(value):
    """An address of version 4 within one of version 6 is the former for us."""
    if isinstance(value, ipaddress.IPv6Address):
        return value.ipv4_mapped or value
    if isinstance(value, ipaddress.IPv6Network) and value.network_address.ipv4_mapped:
        return ipaddress.ip_network((value.network_address.ipv4_mapped, value.prefixlen - 96)) if value.prefixlen >= 96 else None
    return value


# The expression of the HTML Living Standard, 4.10.5.1.5, with the limit of RFC 5321, 4.5.3.1.1.
LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{LABEL}(?:\.{LABEL})*", re.ASCII)


def compare_email(parsers, data):
    ours = parsers.parse(b"e", data) == b"\1"
    text = data.decode("utf-8", "replace")
    theirs = len(text.encode()) <= 250 and EMAIL.fullmatch(text) is not None
    return None if ours == theirs else f"we say {ours}, the HTML standard {theirs}"


# bcrypt's base 64: the last characters of salt and digest have bits to spare, which are zero.
CHARACTER, SALT, DIGEST = "[./A-Za-z0-9]", "[./A-Za-z0-9]{21}[.Oeu]", "[./A-Za-z0-9]{30}[.CGKOSWaeimquy26]"
COST, PADDED = "(?:[4-9]|[12][0-9]|3[01])", "(?:0[4-9]|[12][0-9]|3[01])"
HASH = re.compile(
    rf"(?:bcrypt_sha256\$)?\$2[aby]\${PADDED}\${SALT}{DIGEST}"
    rf"|\$bcrypt-sha256\$(?:v=2,t=2b,r=|2[ab],){COST}\${SALT}\${DIGEST}"
)


def compare_hash(parsers, data):
    ours = parsers.parse(b"p", data) == b"\1"
    theirs = HASH.fullmatch(data.decode("utf-8", "replace")) is not None
    return None if ours == theirs else f"we say {ours}, the regular expression {theirs}"


def compare_csv(parsers, data):
    ours = texts(parsers.parse(b"c", data))
    try:
        text = data.decode("utf-8-sig")
        theirs = [record for record in csv.reader(io.StringIO(text, newline=""), strict=True) if record]
    except (UnicodeDecodeError, csv.Error):
        # It ends at the first mistake.
        return None if None in ours else f"we read {ours}, Python nothing"
    # Python takes quotation marks in the middle of a field.
    return None if ours == theirs or (None in ours and '"' in text) else f"we read {ours}, Python {theirs}"


COLUMNS = {"email": "email", "hash": "hash", "password_hash": "hash", "hashed_password": "hash", "disabled": "disabled"}


def compare_json_lines(parsers, data):
    ours = texts(parsers.parse(b"l", data))
    lines = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    for row, line in zip(ours, filter(None, lines), strict=True):
        try:
            # Joined files have byte order marks where a line begins; RFC 8259, 8.1.
            text = line.decode("utf-8-sig")
            members = json.loads(text, object_pairs_hook=Members, parse_int=float_of, parse_float=float_of, parse_constant=refuse)
        except (ValueError, RecursionError):
            members = None
        theirs = account(members) if isinstance(members, Members) else None
        if row != theirs:
            return f"we read {row}, Python {theirs}"
    return None


def account(pairs):
    """The texts of an account; None if the members are not those of one."""
    members = {}
    for name, value in pairs:
        if name not in COLUMNS or COLUMNS[name] in members:
            return None
        members[COLUMNS[name]] = value
    given = [members.get("email"), members.get("hash")]
    disabled = members.get("disabled")
    if not all(isinstance(value, str) and is_text(value) for value in given) or not isinstance(disabled, (bool, type(None))):
        return None
    return given + ["true" if disabled else "false"]


def difference(ours, theirs):
    return None if ours == theirs else f"we found {shown(ours)}, Python {shown(theirs)}"


def shown(fields):
    return "no form" if fields is None else {name: "no text" if value is UNREADABLE else value for name, value in fields.items()}


COMPARISONS = {
    "URLEncoded": compare_urlencoded,
    "JSON": compare_json,
    "Multipart": compare_multipart,
    "IPAddress": compare_address,
    "IPNetwork": compare_network,
    "Email": compare_email,
    "PasswordHash": compare_hash,
    "CSV": compare_csv,
    "JSONLines": compare_json_lines,
}

# Pieces that mean something to one parser or another.
PIECES = {
    "URLEncoded": ["&", "=", "+", "%", "%00", "%c3%a9", "%ff", "%2", "%zz", ";", *FIELDS],
    "JSON": [
        *'{}[]:,"\\ \t\n', "true", "false", "null", "-0", "01", "1e5", "1.", "-", ".5", "1E+", "\\u0041", "\\ud83d\\ude00", "\\ud800", "\\x",
        "\\/", "NaN", "\ufeff", "\0", "é", "😀", '"email":"', "/**/", "'", *(f'"{field}":"x"' for field in FIELDS), '"a":{"email":1},', ",,",
    ],
    "Multipart": [
        "\r\n", "--", "--frontier", "\r\n--frontier\r\n", "\r\n--frontier--", ";", '"', "=", ":", "name=", "filename=", " ", "\t", "\\", "\n",
        *(f'--frontier\r\nContent-Disposition: form-data; name="{field}"\r\n\r\nx\r\n' for field in FIELDS), "Content-Type: text/plain\r\n",
    ],
    "IPAddress": [*"0123456789abcdef.:%[]/ ", "::", "::ffff:", "255", "256", "00", "192.0.2.1", "2001:db8", "0x"],
    "IPNetwork": [*"0123456789abcdef.:/", "::", "::ffff:", "/0", "/8", "/32", "/33", "/64", "/96", "/104", "/128", "10.0.0.0", "2001:db8::"],
    "Email": [*"abAZ09.-_@+!#$%&'*/=?^`{|}~ (),:;<>[]\"\\", "xn--", ".com", "@@", "é", "\0", "\n", "a" * 63, "l" * 64, ".-", "-."],
    "PasswordHash": [
        "$", "$2a$", "$2b$", "$2y$", "$2x$", "04", "31", "32", "4", "12", "bcrypt_sha256$", "$bcrypt-sha256$", "v=2,t=2b,r=", "2a,", "2b,", ".",
        "O", "e", "u", "n", "/", "+", "=", "\0", "\n", "cVWp4XaNU8a4v1uMRum2SO", "026BWLIoQMD/TXg5uZV.0P.uO8m3YEm",
    ],
    "CSV": [*',"\r\na é;\0', '""', '","', "\r\n", '"\n', "email,hash", "\ufeff", "\uff41", '"a"', "''"],
    "JSONLines": [
        *'{}[]:,"\\ \t\n\r', "true", "false", "null", "1", "\\u0041", "\\ud83d\\ude00", "\\ud800", "\ufeff", "\0", "é", '"email":', '"hash":',
        '"password_hash":"x"', '"disabled":', '{"email":"a","hash":"!"}', '"é"', "//", "'",
    ],
}


def seeds(name):
    """What the corpus has for a comparison."""
    folder = CORPUS / ("IPAddress" if name == "IPNetwork" else name)
    return [path.read_bytes() for path in sorted(folder.iterdir())]


def make(name, seeds, generator):
    """An input: one of the corpus, changed in a few places."""
    data = bytearray(generator.choice(seeds) if seeds and generator.random() < 0.9 else b"")
    for _ in range(generator.choice([0, 1, 1, 1, 2, 2, 3, 5, 8])):
        start = generator.randint(0, len(data))
        end = min(len(data), start + generator.choice([0, 0, 0, 1, 1, 2, 4, 16]))
        change = generator.random()
        if change < 0.5:
            data[start:end] = generator.choice(PIECES[name]).encode()
        elif change < 0.65:
            data[start:end] = bytes([generator.randrange(256)])
        elif change < 0.8:
            del data[start:end]
        else:
            other = generator.choice(seeds) if seeds and generator.random() < 0.5 else data
            place = generator.randint(0, len(other))
            data[start:end] = other[place : place + generator.randint(1, 64)]
    return bytes(data[:MOST_BYTES])


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("program")
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = options.parse_args()
    print(f"compare.py --seed {options.seed}", flush=True)

    parsers = Parsers(options.program)
    differences = 0
    for name, compare in COMPARISONS.items():
        generator = random.Random(f"{options.seed} {name}")
        corpus = seeds(name)
        end = time.monotonic() + options.seconds / len(COMPARISONS)
        inputs, found = 0, 0
        while time.monotonic() < end and found < 3:
            # Each of the corpus as it is, first.
            data = corpus[inputs] if inputs < len(corpus) else make(name, corpus, generator)
            inputs += 1
            if (problem := compare(parsers, data)) is not None:
                found += 1
                print(f"{name}: {problem}; input {data!r}", flush=True)
        differences += found
        print(f"{name}: {inputs} inputs, {found} differences", flush=True)
    sys.exit(1 if differences else 0)


main()
