#!/usr/bin/env python3
"""What can be done with accounts."""
from typing import Optional
from uuid import uuid4

import bcrypt
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import NoResultFound

from db import DB
from user import User

# The specification leaves bcrypt's default, 12; everything that is compared here hashes at PocketBase's default.
COST = 10


def _hash_password(password: str) -> bytes:
    """Return the salted hash of a password."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(COST))


def _generate_uuid() -> str:
    """Return a new UUID as text."""
    return str(uuid4())


class Auth:
    """Auth class to interact with the authentication database."""

    def __init__(self) -> None:
        """Open the database."""
        self._db = DB()

    def register_user(self, email: str, password: str) -> User:
        """Make an account, or raise ValueError where the address has one."""
        try:
            self._db.find_user_by(email=email)
        except NoResultFound:
            try:
                return self._db.add_user(email, _hash_password(password).decode())
            except IntegrityError:  # another thread was faster
                pass
        raise ValueError(f"User {email} already exists")

    def valid_login(self, email: str, password: str) -> bool:
        """Whether this is the password of that account."""
        try:
            user = self._db.find_user_by(email=email)
        except NoResultFound:
            return False
        return bcrypt.checkpw(password.encode(), user.hashed_password.encode())

    def create_session(self, email: str) -> Optional[str]:
        """Begin a session in place of the one before, and return its id; None where there is no such account."""
        try:
            user = self._db.find_user_by(email=email)
        except NoResultFound:
            return None
        session_id = _generate_uuid()
        self._db.update_user(user.id, session_id=session_id)
        return session_id

    def get_user_from_session_id(self, session_id: Optional[str]) -> Optional[User]:
        """Return whose session it is, or None."""
        if session_id is None:
            return None
        try:
            return self._db.find_user_by(session_id=session_id)
        except NoResultFound:
            return None

    def destroy_session(self, user_id: int) -> None:
        """End the session of a user."""
        self._db.update_user(user_id, session_id=None)

    def get_reset_password_token(self, email: str) -> str:
        """Return a new reset token, or raise ValueError where there is no such account."""
        try:
            user = self._db.find_user_by(email=email)
        except NoResultFound:
            raise ValueError("no such user") from None
        token = _generate_uuid()
        self._db.update_user(user.id, reset_token=token)
        return token

    def update_password(self, reset_token: str, password: str) -> None:
        """Use up a reset token for a new password, or raise ValueError where it is none."""
        try:
            user = self._db.find_user_by(reset_token=reset_token)
        except NoResultFound:
            raise ValueError("no such reset token") from None
        self._db.update_user(user.id, hashed_password=_hash_password(password).decode(), reset_token=None)

    def close(self) -> None:
        """End what this thread has open in the database."""
        self._db.close()
