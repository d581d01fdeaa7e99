#!/usr/bin/env python3
"""Receives the messages of auth-server on 127.0.0.1:8025 and mails them. An example to change; it needs the standard library only.
The server needs a link base, without which a password_reset has no link.

WEBHOOK_SECRET_FILE   the file with the secret that signs messages
MAIL_RELAY            the host and port of the SMTP server that takes the mails
MAIL_FROM             their sender
SERVER                optional: the host and port of the server. Without a connection to it for half a minute, the program ends.
"""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import smtplib
import socket
import threading
import time
from email.headerregistry import Address
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = base64.b64decode(pathlib.Path(os.environ["WEBHOOK_SECRET_FILE"]).read_text().strip().removeprefix("whsec_"))
RELAY_HOST, _, RELAY_PORT = os.environ["MAIL_RELAY"].rpartition(":")
LARGEST_MESSAGE = 64 * 1024


def is_genuine(headers, body):
    signed = b"%s.%s.%s" % (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
    signature = "v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    is_recent = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return is_recent and any(hmac.compare_digest(signature, one) for one in headers["webhook-signature"].split())


def mail(message):
    """Mails a message. Raises an error for a type that it does not know, so that the server keeps the message."""
    mail = EmailMessage()
    mail["From"] = os.environ["MAIL_FROM"]
    # Address refuses text that is more than one address.
    mail["To"] = Address(addr_spec=message["email"])
    mail["Message-ID"] = f"<{message['id']}@{mail['From'].addresses[0].domain}>"
    if message["type"] == "password_reset":
        mail["Subject"] = "Set a new password"
        mail.set_content(f"To set a new password, open this page before {message['expires_at']}:\n\n{message['link']}\n")
    elif message["type"] == "password_changed":
        mail["Subject"] = "Your password was changed"
        mail.set_content(f"The password of your account was changed at {message['changed_at']}. If you did not do it, tell us.\n")
    elif message["type"] == "email_verification":
        mail["Subject"] = "Confirm your email"
        mail.set_content(f"Enter the code {message['code']}, or follow this link and enter your password:\n\n{message['link']}\n")
    elif message["type"] == "account_exists":
        mail["Subject"] = "You have an account already"
        mail.set_content("Someone asked for an account with your email. If it was you, log in. Otherwise ignore this message.\n")
    elif message["type"] == "email_change":
        mail["Subject"] = "Confirm your new email"
        mail.set_content(f"Enter the code {message['code']}, or follow this link and enter your password:\n\n{message['link']}\n")
    elif message["type"] in ("email_change_requested", "email_changed"):
        mail["Subject"] = "Another email for your account"
        mail.set_content(f"If you did not ask for it, follow this link to stop or undo it:\n\n{message['link']}\n")
    elif message["type"] == "email_taken_back":
        mail["Subject"] = "Your account has its former email again"
        mail.set_content("A reader of the former email of your account took it back. If it was not you, tell us.\n")
    elif message["type"] == "recovery_email":
        mail["Subject"] = "Confirm your recovery email"
        mail.set_content(f"Enter the code {message['code']}, or follow this link and enter your password:\n\n{message['link']}\n")
    elif message["type"] == "recovery_email_changed":
        mail["Subject"] = "The recovery email of your account"
        mail.set_content(f"Your account has a new recovery email, or none, since {message['changed_at']}. If it was not you, tell us.\n")
    elif message["type"] == "account_email_changed":
        mail["Subject"] = "Another email for your account"
        mail.set_content(f"The email of your account is {message['account_email']} now. If you did not change it, tell us.\n")
    elif message["type"] == "new_login":
        mail["Subject"] = "A new login to your account"
        mail.set_content(f"Someone logged in from {message['ip_address']}. If it was not you, set a new password.\n")
    elif message["type"] in ("failed_logins", "account_locked"):
        mail["Subject"] = "Wrong passwords for your account"
        mail.set_content("Someone has tried many wrong passwords. If it was not you, there is nothing that you have to do.\n")
    elif message["type"].startswith("account_"):
        mail["Subject"] = "About your account"
        mail.set_content(f"Your account was {message['type'].removeprefix('account_')}. If you did not expect it, tell us.\n")
    else:
        raise ValueError(f"the type {message['type']} is not known")
    with smtplib.SMTP(RELAY_HOST, int(RELAY_PORT), timeout=8) as relay:
        relay.send_message(mail)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        try:
            body = self.rfile.read(min(int(self.headers["content-length"]), LARGEST_MESSAGE))
            if not is_genuine(self.headers, body):
                return self.respond(401)
        except (AttributeError, TypeError, ValueError):
            return self.respond(400)
        try:
            mail(json.loads(body))
        except Exception as error:
            # The server tries again later. The message stays out of the log, because it has a token.
            print(f"message {self.headers['webhook-id']} was not mailed: {type(error).__name__}", flush=True)
            return self.respond(502)
        self.respond(204)

    def respond(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


def end_without(server):
    host, _, port = server.rpartition(":")
    failures = 0
    while failures < 3:
        time.sleep(10)
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
            failures = 0
        except OSError:
            failures += 1
    print(f"{server} cannot be reached", flush=True)
    os._exit(1)


if __name__ == "__main__":
    if "SERVER" in os.environ:
        threading.Thread(target=end_without, args=[os.environ["SERVER"]], daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", 8025), Receiver).serve_forever()
