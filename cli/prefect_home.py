"""Prefect's own state, kept under var/prefect of the installation, with its usage reports switched off."""

import ipaddress
import os
from pathlib import Path

from peer_challenge.errors import WrongUse
from peer_challenge.settings import Settings
from peer_challenge.system.file_modes import make_private_folder

_ALWAYS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    # no web page makes a browser ask for anything
    "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
    # automations call webhooks and start runs: we have none, and nobody who gets in shall have one
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    # what a run holds is given back though the server that lent it was killed
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    # what a run did is written once a second and not step by step: each would be a transaction of its own
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "peer_challenge",
}
_JSON_LOGS = {  # Prefect's own lines, on the console, made by our formatter
    "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json",
    "PREFECT_LOGGING_FORMATTERS_JSON_CLASS": "peer_challenge.system.logging_without_content.JsonLines",
}


def prepare_prefect(settings: Settings, *, quiet: bool = False) -> None:
    """Set Prefect's environment for this process and its children; call before importing Prefect."""
    folder = settings.var / "prefect"
    make_private_folder(folder)
    os.environ.update(_ALWAYS)
    os.environ.setdefault("PREFECT_HOME", str(folder))
    os.environ["PEER_CHALLENGE_HOME"] = str(settings.home)
    if settings.prefect_database_url is not None:
        os.environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = with_async_driver(
            settings.prefect_database_url.get_secret_value()
        )
    if settings.log_format == "json":
        os.environ.update(_JSON_LOGS)
    if quiet:
        os.environ["PREFECT_LOGGING_TO_API_ENABLED"] = "false"
        os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"
        os.environ["PREFECT_SERVER_LOGGING_LEVEL"] = "ERROR"


def make_access_variables(password: str, address: str) -> dict[str, str]:
    """The environment variables, password included, of a Prefect server or of a process that uses it.

    `address` is the server's (http://...). They go to those processes alone, never into a command line or
    Prefect's own profile.
    """
    return {
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": address,
    }


def forget_locks() -> None:
    """Remove the lock that a killed server may have left, before the next one starts.

    Prefect waits for it for as long as any process has the number of the one that made it.
    """
    Path(os.environ["PREFECT_HOME"], "concurrency_leases", "expirations.lock").unlink(missing_ok=True)


def with_async_driver(url: str) -> str:
    """The address of a PostgreSQL database in the form that Prefect's server needs."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def check_closed(settings: Settings) -> None:
    """Raise WrongUse where Prefect's server would listen beyond this machine and no password is set.

    A password that is made at each start is known to this installation's folder alone.
    """
    if settings.prefect_auth is None and not _is_this_machine(settings.prefect_host):
        raise WrongUse(
            f"Prefect's server would listen on {settings.prefect_host}, and other machines would not know "
            "its password, which is made at each start.",
            remedy="Set PEER_CHALLENGE_PREFECT_AUTH (or ..._AUTH_FILE) to user:password on every machine, "
            "or leave PEER_CHALLENGE_PREFECT_HOST at 127.0.0.1.",
        )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
