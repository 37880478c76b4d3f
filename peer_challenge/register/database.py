"""Opening the register in SQLite or PostgreSQL: its version is checked, and one writer works at a time."""

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from peer_challenge.errors import NotMigrated, PeerChallengeError
from peer_challenge.settings import Settings
from peer_challenge.system.file_lock import file_lock

if TYPE_CHECKING:
    from alembic.config import Config

Transaction: TypeAlias = Connection
"""An open transaction, to be passed to the register's functions: others need know no more of it."""

MIGRATIONS = Path(__file__).with_name("migrations")
_REVISION = re.compile(r'^(revision|down_revision) = "(\w+)"', re.MULTILINE)
_WRITER_LOCK = 7_231_448_001
"""No lock of `exclusive` has it: their numbers are made of letters, and its first byte is none."""
_BUSY_SECONDS = 30
"""What takes long is worked out before a transaction: who waits longer waits for something that hangs."""


class RegisterUnavailable(PeerChallengeError):
    """The database does not answer."""

    exit_code = 4
    remedy = (
        "Check that the database is running and that PEER_CHALLENGE_DATABASE_URL is right, "
        "then run the command again: nothing was half done."
    )


class RegisterDamaged(PeerChallengeError):
    """The file is not a database any more, or a part of it is damaged."""

    exit_code = 5
    remedy = "Stop the service, keep the folder, and restore the last backup (docs/operations.md, Restore)."


def _prepare_sqlite(engine: Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say when a transaction begins
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        is_writer = connection.get_execution_options().get("writer", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


class Register:
    """A register that has been opened. Use `writing()` and `reading()` for transactions."""

    def __init__(self, url: str, lock_folder: Path) -> None:
        self._lock_folder = lock_folder
        # what an area wrote stays out of error traces: parameters are hidden
        self.engine = sa.create_engine(
            _with_driver(url), hide_parameters=True, pool_pre_ping=not url.startswith("sqlite")
        )
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        self._writer = self.engine.execution_options(writer=True)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write: the only one at a time, committed on a clean exit.

        One writer at a time keeps the journal a chain and version numbers without gaps.
        """
        with self._translate_database_errors(), self._writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})"))
            yield connection

    @contextlib.contextmanager
    def trying_out(self) -> Iterator[Connection]:
        """A transaction that may write and is taken back at its end: it shows what would follow."""
        with self._translate_database_errors(), self._writer.connect() as connection:
            if not self.is_sqlite:
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})"))
            yield connection
            connection.rollback()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees one moment."""
        with self._translate_database_errors(), self.engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def exclusive(self, name: str) -> Iterator[bool]:
        """Hold the lock `name` among all processes; yields False when another holds it.

        The lock ends with its process: after a kill there is nothing to clear up.
        """
        if self.is_sqlite:
            with contextlib.ExitStack() as holding:
                try:
                    is_held = holding.enter_context(file_lock(self._lock_folder / f"{name}.lock"))
                except OSError as error:
                    reason = os.strerror(error.errno or 0)
                    raise RegisterUnavailable(f"The register's locks can't be used ({reason}).") from None
                yield is_held
            return
        number = int.from_bytes(name.encode()[:7], "big")
        with self._translate_database_errors():
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            with self._translate_database_errors():
                is_held = bool(connection.scalar(sa.text(f"SELECT pg_try_advisory_lock({number})")))
            try:
                yield is_held
            finally:
                if is_held:
                    with contextlib.suppress(sa.exc.OperationalError):  # it is gone, and with it the lock
                        connection.execute(sa.text(f"SELECT pg_advisory_unlock({number})"))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextlib.contextmanager
    def _translate_database_errors(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.OperationalError as error:
            kind = type(error.orig).__name__
            raise RegisterUnavailable(f"The register does not answer ({kind}).") from None
        except sa.exc.DatabaseError as error:
            if type(error) is not sa.exc.DatabaseError:  # a kind of it, which says that we are wrong
                raise
            raise RegisterDamaged("The register is damaged: the database can't be read.") from None


def _postgresql_address(url: str) -> tuple[str, str | None]:
    """A PostgreSQL database's address without its password, and the password by itself."""
    parts = sa.make_url(url)
    address = sa.URL.create(
        "postgresql", parts.username, None, parts.host, parts.port, parts.database, parts.query
    )
    return address.render_as_string(), None if parts.password is None else str(parts.password)


def address_for_programs(url: str) -> tuple[str, dict[str, str]]:
    """The address of a database for PostgreSQL's programs, and their environment.

    The password is in the environment, which other accounts can't list as they can a command.
    """
    address, secret = _postgresql_address(url)
    return address, {**os.environ, **({} if secret is None else {"PGPASSWORD": secret})}


def _alembic_config(url: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = _with_driver(url)
    return config


@lru_cache(maxsize=1)
def newest_migration() -> str:
    """The id of the newest migration that this version brings: the one that no other follows.

    Alembic would say the same, and takes half a second to import.
    """
    files = (MIGRATIONS / "versions").glob("[0-9]*_*.py")
    found: list[dict[str, str]] = [
        dict(_REVISION.findall(path.read_text(encoding="utf-8"))) for path in files
    ]
    (newest,) = {one["revision"] for one in found} - {one.get("down_revision") for one in found}
    return newest


def migrate_register(settings: Settings) -> None:
    """Bring the register's tables to this version, or make them if there are none."""
    from alembic import command

    register = Register(settings.register_url, settings.var / "locks")
    with register._translate_database_errors():
        command.upgrade(_alembic_config(settings.register_url), "head")
    register.close()


def current_migration(register: Register) -> str | None:
    """The id of the migration the register is at, or None for an empty database."""
    with register.reading() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def has_register(settings: Settings) -> bool:
    """Whether the installation has a register. For PostgreSQL, which has no file to look for, always True."""
    return settings.database_url is not None or (settings.var / "register.db").exists()


def is_database_taken(settings: Settings) -> bool:
    """Whether the PostgreSQL database that the settings name holds a register; False where they name none.

    Raises RegisterUnavailable.
    """
    if settings.database_url is None:
        return False
    register = Register(settings.register_url, settings.var / "locks")
    try:
        return current_migration(register) is not None
    finally:
        register.close()


def open_register(settings: Settings) -> Register:
    """The register of an installation. Raises NotMigrated when its tables are of another version.

    If there is no register, NotMigrated is raised too and nothing is made: the folder may be the wrong one.
    """
    if not has_register(settings):
        raise NotMigrated(
            f"There is no register in {settings.home}.",
            remedy="Go to the installation's folder, or name it with --home. A new one begins with "
            "`peer-challenge open CYCLE.yaml` (or `peer-challenge migrate`, which opens no cycle).",
        )
    if settings.has_old_folders():
        raise NotMigrated("The inbox still holds the claims and rejected documents of an older version.")
    settings.make_folders()
    register = Register(settings.register_url, settings.var / "locks")
    found = current_migration(register)
    if found != newest_migration():
        register.close()
        raise NotMigrated(
            "The register is empty."
            if found is None
            else f"The register is at version {found}, this program needs {newest_migration()}."
        )
    return register
