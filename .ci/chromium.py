"""A headless Chromium, and what the checks in a browser share."""

import contextlib
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import urllib.error
import urllib.request

from service import DIRECT, ROOT, running, wait_for


class Browser:
    """A Chromium with an empty profile, by the WebDriver protocol (W3C)."""

    def __init__(self, driver_url, folder, arguments=(), preferences={}):
        self.url = driver_url + "/session"
        profile = folder / f"profile-{secrets.token_hex(4)}"
        arguments = [
            "--headless=new", f"--user-data-dir={profile}", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server", *arguments]
        if os.getuid() == 0:
            # Its sandbox refuses root.
            arguments.append("--no-sandbox")
        options = {"binary": shutil.which("chromium"), "args": arguments, "prefs": preferences}
        capabilities = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}
        self.url += "/" + self.command("POST", "", capabilities=capabilities)["sessionId"]

    def command(self, method, path, **members):
        body = json.dumps(members).encode() if method == "POST" else None
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with DIRECT.open(request, timeout=60) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"WebDriver: {json.load(error)['value']['message']}") from None

    def visit(self, url):
        self.command("POST", "/url", url=url)

    def run(self, script, *arguments):
        return self.command("POST", "/execute/sync", script=script, args=arguments)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.command("DELETE", "")


@contextlib.contextmanager
def chromedriver(folder):
    """The URL of a program that starts browsers. None of them remains, even if it does not quit by itself."""
    log = folder / "chromedriver.log"
    environment = {name: str(folder) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    try:
        with running(["chromedriver", "--port=0"], log, environment):
            started = wait_for(
                lambda: re.search(r"started successfully on port (\d+)", log.read_text()), "chromedriver's start")
            yield f"http://127.0.0.1:{started[1]}"
    finally:
        wait_for(lambda: not leftovers(folder), "the end of Chromium")


def leftovers(folder):
    """Kills the processes of the profiles that are still there, and returns whether there were any."""
    found = False
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if f"{folder}/profile-".encode() in path.read_bytes():
                os.kill(int(path.parent.name), 9)
                found = True
    return found


def install():
    if any(not shutil.which(name) for name in ("chromium", "chromedriver")):
        subprocess.run([ROOT / ".ci/install", "chromium", "chromium-driver"], check=True)


class Mailbox:
    """A program that keeps each message as a file."""

    def __init__(self, folder):
        self.folder = folder / "mail"
        self.folder.mkdir()
        self.program = folder / "deliver"
        # Under its name only when it is whole.
        self.program.write_text(
            f'#!/bin/sh\nset -e\nfile={self.folder}/$(date +%s%N)-$$\ncat > "$file"\nmv "$file" "$file.json"\n')
        self.program.chmod(0o755)

    def link(self, email, kind="password_reset", other_than=None):
        """The link of the newest message of this kind to this email."""
        def find():
            messages = [json.loads(path.read_text()) for path in sorted(self.folder.glob("*.json"))]
            return next((message["link"] for message in reversed(messages)
                         if message["email"] == email and message["type"] == kind and message["link"] != other_than), None)
        return wait_for(find, f"a message to {email}")
