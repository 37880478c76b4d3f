"""Prefect's own state, kept under var/prefect of the installation; nothing of it phones home."""

import os

from peer_challenge.settings import Settings

_ALWAYS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",  # for browsers; a server that asks for it is not ours
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "peer_challenge",
}
_JSON_LOGS = {  # Prefect's own lines, on the console, made by our formatter
    "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json",
    "PREFECT_LOGGING_FORMATTERS_JSON_CLASS": "peer_challenge.logs.JsonLines",
}


def prepare(settings: Settings, *, quiet: bool = False) -> None:
    """Set Prefect's environment for this process and its children; call before importing Prefect."""
    folder = settings.var / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(_ALWAYS)
    os.environ.setdefault("PREFECT_HOME", str(folder))
    os.environ["PEER_CHALLENGE_HOME"] = str(settings.home)
    if settings.log_format == "json":
        os.environ.update(_JSON_LOGS)
    if quiet:
        os.environ["PREFECT_LOGGING_TO_API_ENABLED"] = "false"
        os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"
        os.environ["PREFECT_SERVER_LOGGING_LEVEL"] = "ERROR"
