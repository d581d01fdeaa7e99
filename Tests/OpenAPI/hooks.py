"""What schemathesis needs to know of the service: passwords that are accepted, and how to log in again after a request has ended the
session. The environment has the URL in AUTH_URL, and the service key in AUTH_SERVICE_KEY or nothing."""

import hashlib
import itertools
import os
import random
import threading

import requests
import schemathesis
from hypothesis import strategies

URL = os.environ["AUTH_URL"]
SERVICE_KEY = os.environ.get("AUTH_SERVICE_KEY")
# Seeded, so that a run can be repeated.
chance = random.Random(1)
numbers = itertools.count()


def passphrase(number):
    """No common password, and none that shrinks to one."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:40]


schemathesis.openapi.format("password", strategies.integers(min_value=0).map(passphrase))


class Account:
    """An account with an open session, opened again when a request has ended it."""

    password = passphrase("account")
    lock = threading.Lock()
    email = None
    session = None

    @classmethod
    def session_id(cls):
        with cls.lock:
            if not cls.session or requests.get(f"{URL}/profile", headers=cls.bearer()).status_code != 200:
                cls.log_in()
            return cls.session

    @classmethod
    def bearer(cls):
        return {"Authorization": f"Bearer {cls.session}"}

    @classmethod
    def log_in(cls):
        cls.email = f"account{next(numbers)}@example.org"
        fields = {"email": cls.email, "password": cls.password}
        requests.post(f"{URL}/users", data=fields).raise_for_status()
        login = requests.post(f"{URL}/sessions", data=fields | {"return_session_id": "true"})
        login.raise_for_status()
        cls.session = login.json()["session_id"]


# Asked for each request: the one before may have ended the session.
@schemathesis.auth(refresh_interval=None)
class Bearer:
    """A session id, or the service key where back ends are served."""

    def get(self, case, context):
        if case.operation.path in ("/introspect", "/reset_password"):
            # A back end may do without a key where tokens go to the owner of the email.
            return SERVICE_KEY if case.operation.path == "/introspect" or chance.random() < 0.5 else None
        if case.operation.path in ("/users", "/verify_email"):
            return None
        return Account.session_id()

    def set(self, case, token, context):
        if token:
            case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Makes requests that say something: what is true of the account in place of random text, now and then."""
    if chance.random() < 0.5:
        case.headers.setdefault("Accept", "application/problem+json")
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if not is_valid or not isinstance(case.body, dict):
        return
    # OpenAPI counts characters, the service bytes.
    for name, value in case.body.items():
        if isinstance(value, str):
            limit = 4096 if "password" in name else 64 if name == "code" else 250
            case.body[name] = value.encode(errors="ignore")[:limit].decode(errors="ignore")
    if case.operation.path in ("/users", "/email", "/recovery_email"):
        # The second registration of an email is refused, rightly, and so is an email that the account has.
        case.body["email"] = f"user{next(numbers)}@example.org"
    elif chance.random() < 0.5 and Account.session:
        known = {
            "email": Account.email, "password": Account.password, "current_password": Account.password, "token": Account.session,
        }
        case.body |= {name: value for name, value in known.items() if name in case.body}


@schemathesis.hook
def filter_case(context, case):
    """A logout reads its body only to end other sessions, which OpenAPI cannot say."""
    is_logout = (case.method, case.path) in (("DELETE", "/sessions"), ("POST", "/sessions/delete"))
    return not is_logout or "others" in (case.query or {}) or case.meta is None or case.meta.generation.mode.is_positive


def close(schema):
    """Forbids members that the document does not name: it must name all of them."""
    for alternative in schema.get("anyOf", [schema]):
        if "properties" in alternative and alternative["properties"]:
            alternative["additionalProperties"] = False


@schemathesis.hook
def before_load_schema(context, document):
    shared = document["components"]["responses"].values()
    paths = document["paths"].values()
    operations = [item for path in paths for item in path.values() if isinstance(item, dict)]
    for response in [*shared, *(response for operation in operations for response in operation["responses"].values())]:
        for content in response.get("content", {}).values():
            close(content["schema"])
    close(document["components"]["schemas"]["Session"])
