"""Errors of the database library that callers may catch, by names that say what happened."""

from sqlalchemy.exc import DataError as CannotKeep
from sqlalchemy.exc import SQLAlchemyError as RegisterFailure

__all__ = ["CannotKeep", "RegisterFailure"]
