"""Registers, logs in, changes the password and logs out, with the client that openapi-python-client generates from the document.
Usage: journey.py URL LOG, with the generated package in PYTHONPATH. LOG is that of a server with --delivery log."""

import pathlib
import re
import sys
import time

from authentication_service_client import AuthenticatedClient, Client
from authentication_service_client.api.default import change_password, get_profile, log_in, log_out, register, verify_email
from authentication_service_client.models import ChangePasswordBody, LogInBody, RegisterBody, VerifyEmailBodyType1

url, log = sys.argv[1], pathlib.Path(sys.argv[2])
email, password, other = "bob@example.org", "correct horse battery", "staple of another colour"


def expect(status, response):
    assert response.status_code == status, (response.status_code, response.content)
    return response.parsed


def delivered_code():
    """The code of the message, which is in the log a moment after the response."""
    for _ in range(600):
        for line in log.read_text().splitlines():
            if f'"email":"{email}"' in line and (code := re.search('"code":"([^"]*)"', line)):
                return code[1]
        time.sleep(0.1)
    raise AssertionError("the log has no code")


anonymous = Client(base_url=url)
refusal = expect(400, register.sync_detailed(client=anonymous, body=RegisterBody(email=email, password="short")))
assert (refusal.code, refusal.field, refusal.minimum) == ("password_too_short", "password", 15), refusal
registered = expect(200, register.sync_detailed(client=anonymous, body=RegisterBody(email=email, password=password)))
code = VerifyEmailBodyType1(registration=registered.registration, code=delivered_code())
assert expect(200, verify_email.sync_detailed(client=anonymous, body=code)).email == email
login = LogInBody(email=email, password=password, return_session_id=True)
session = expect(200, log_in.sync_detailed(client=anonymous, body=login))

client = AuthenticatedClient(base_url=url, token=session.session_id)
assert expect(200, get_profile.sync_detailed(client=client)).email == email
change = ChangePasswordBody(current_password=password, new_password=other, return_session_id=True)
changed = expect(200, change_password.sync_detailed(client=client, body=change))
assert expect(403, get_profile.sync_detailed(client=client)).code == "login_required"

client = AuthenticatedClient(base_url=url, token=changed.session_id)
expect(303, log_out.sync_detailed(client=client))
expect(403, get_profile.sync_detailed(client=client))
print("openapi: the generated client has made the journey")
