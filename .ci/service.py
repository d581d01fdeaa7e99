"""AuthServer, built as a release, and what the checks in Python beside this file share."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASSWORD = "correct horse battery staple"

# A termination unwinds the stack, so that what was started is ended.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def program():
    if "AUTH_SERVER" in os.environ:
        return os.environ["AUTH_SERVER"]
    folder = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return folder.stdout.strip() + "/AuthServer"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def expect(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r}, not {expected!r}")


def wait_for(condition, what, seconds=30):
    """The first true value of the condition."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"in vain for {seconds} s: {what}")
        time.sleep(0.05)
    return value


def ask(method, url, fields=None, bearer=None, headers={}):
    """Status, headers and members of a response; redirects are not followed, and the status is None without one."""
    body = urllib.parse.urlencode(fields).encode() if fields is not None else None
    request = urllib.request.Request(url, body, dict(headers), method=method)
    if bearer:
        request.add_header("Authorization", f"Bearer {bearer}")
    try:
        with DIRECT.open(request, timeout=20) as response:
            return response.status, response.headers, json.loads(response.read() or b"{}")
    except urllib.error.HTTPError as response:
        with response:
            return response.status, response.headers, json.loads(response.read() or b"{}")
    except urllib.error.URLError:
        return None, {}, {}


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}), StayHere)


@contextlib.contextmanager
def running(command, log, environment={}):
    """Runs a program until the end of the block. If the block fails, its log is printed."""
    with open(log, "ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, **environment})
    try:
        yield process
    except BaseException:
        print(f"--- {log}", pathlib.Path(log).read_text(errors="replace")[-4000:], sep="\n", file=sys.stderr)
        raise
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Service:
    """The server under strict, with its database and its log in a folder."""

    def __init__(self, folder, *options):
        self.folder, self.port = folder, free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = folder / "server.log"
        # With the lowest cost that strict allows, and accounts without messages: what is checked here is neither.
        self.command = [
            program(), "--host", "127.0.0.1", "--port", str(self.port), "--database", str(folder / "auth.sqlite"),
            "--policy", "strict", "--verify-emails", "off", "--bcrypt-cost", "10", *options]

    @contextlib.contextmanager
    def serving(self, *options):
        with running([*self.command, *options], self.log) as process:
            wait_for(lambda: process.poll() is not None or self.responds(), "the server's start")
            expect(process.poll(), None, "the server's exit status")
            yield process

    def responds(self):
        return ask("GET", self.url)[0] == 200

    def ask(self, method, path, **fields):
        return ask(method, self.url + path, fields)

    def register(self, email, password=PASSWORD):
        expect(self.ask("POST", "/users", email=email, password=password)[0], 200, f"registration of {email}")

    def log_in(self, email, password=PASSWORD):
        """The id of a new session."""
        status, _, members = self.ask("POST", "/sessions", email=email, password=password, return_session_id="true")
        expect(status, 200, f"login of {email}")
        return members["session_id"]

    def verify(self, session_id):
        """The status that a proxy sees."""
        return ask("GET", f"{self.url}/verify", bearer=session_id)[0]
