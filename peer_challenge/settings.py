"""The settings of an installation, each value with the place it came from.

Values come from PEER_CHALLENGE_... in the environment, else from `settings.toml` in the
installation's folder, else from the defaults here. Secrets may be given as a file: a variable
that ends in _FILE names the file that holds the value.
"""

import os
import tomllib
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from peer_challenge.errors import WrongUse
from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.model.messages import Delivery
from peer_challenge.system.file_modes import make_private_folder

PREFIX = "PEER_CHALLENGE_"
FILE_NAME = "settings.toml"
OLD_CLAIMS, OLD_REJECTED = ".taking", "rejected"
"""Folders that older versions had inside the inbox."""
MOST_SETTINGS_BYTES = 100_000
"""Far more than every setting with its description: a larger file is another one, and is not read at all."""


def _read_networks(given: object) -> object:
    """Addresses and networks, from a list or from a text with commas or spaces between them."""
    told = given.replace(",", " ").split() if isinstance(given, str) else given
    return tuple(_read_network(one) for one in told) if isinstance(told, (list, tuple)) else told


def _read_network(given: str | int) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(given.strip() if isinstance(given, str) else given, strict=False)
    except ValueError:
        raise ValueError(f"`{given}` is neither an address nor a network such as 172.30.80.0/24") from None
    if network.prefixlen == 0:
        raise ValueError(f"`{given}` is every address there is: name the proxy's own")
    return network


def _read_address(given: object) -> object:
    """One email address, from "Office <office@example.org>" as well. Raises ValueError for another text."""
    written = clean_address(given) if isinstance(given, str) else given
    if written and isinstance(written, str) and not is_address(written):
        raise ValueError(f"`{given}` is no email address")
    return written


def _read_addresses(given: object) -> object:
    """Email addresses, from a list or from a text with commas between them. Raises ValueError for another."""
    written = given.split(",") if isinstance(given, str) else given
    if not isinstance(written, (list, tuple)):
        return written
    found = tuple(filter(None, (clean_address(str(one)) for one in written)))
    if wrong := [one for one in found if not is_address(one)]:
        raise ValueError(f"`{wrong[0]}` is no email address")
    return found


def _read_hosts(given: object) -> object:
    """Names of hosts in lower case, from a list or from a text with commas or spaces between them."""
    told = given.replace(",", " ").split() if isinstance(given, str) else given
    return (
        tuple(str(one).strip().lower().rstrip(".") for one in told)
        if isinstance(told, (list, tuple))
        else told
    )


def _read_public_url(given: str) -> str:
    """The address without a slash at its end. Raises ValueError where nobody could go there."""
    plain = given.strip().rstrip("/")
    if not plain:
        return ""
    try:
        parts = urlsplit(plain)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"`{given}` is no address ({error})") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(f"`{given}` is no address such as https://peer-challenge.example.org")
    if parts.path or parts.query or parts.fragment:
        raise ValueError(f"`{given}` has more than a host and a port: the pages are at the root of a host")
    return plain


def format_local_host(host: str) -> str:
    """The host of an address under which this machine asks its own server, which listens at `host`.

    One that listens everywhere listens here too. An IPv6 address gets its brackets.
    """
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"[{here}]" if ":" in here else here


class Settings(BaseModel):
    """The settings of one installation. `sources` says where each value came from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(description="the folder under which everything lives")
    database_url: SecretStr | None = Field(None, description="the register; SQLite under var/ when not given")
    inbox: Path | None = Field(None, description="where Word documents arrive; home/inbox when not given")
    outbox: Path | None = Field(None, description="where dispatches go; home/outbox when not given")
    rejected: Path | None = Field(
        None, description="where documents go that were not taken in; home/rejected when not given"
    )
    settle_seconds: float = Field(
        0.4, ge=0, description="how long a file must be unchanged before it is read"
    )
    incomplete_seconds: float = Field(
        10,
        ge=0,
        description="how long one that is empty or lacks its end is waited for: it may be on its way",
    )
    max_megabytes: float = Field(25, gt=0, description="the largest document that is opened")
    rescan_seconds: float = Field(60, gt=0, description="how often the watcher looks without being told")
    poll: bool = Field(False, description="watch by polling, for network drives")
    host: str = Field("127.0.0.1", description="the address the dashboard listens on")
    port: int = Field(8080, ge=1, le=65535, description="the dashboard's port")
    public_url: Annotated[str, AfterValidator(_read_public_url)] = Field(
        "",
        description="the dashboard's address as people type it, such as https://peer-challenge.example.org",
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_read_networks)] = (
        Field((), description="addresses or networks of the web servers in front, whose headers are believed")
    )
    one_time_link_hours: int = Field(
        24, ge=1, le=336, description="how long a link with which somebody sets a password can be used"
    )
    session_key: SecretStr | None = Field(
        None, description="signs sign-ins under way with OpenID Connect; made at each start when not given"
    )
    session_minutes: int = Field(60, ge=5, description="how long a session lasts without use")
    delivery: Delivery | None = Field(
        None,
        description="how messages leave: `folder` (recipients share their folders), `drafts` or `send`; "
        "`send` when a mail server is given, else `folder`",
    )
    hold_new_addresses: bool = Field(
        True, description="hold a message to an address that had none before, until the office lets it go"
    )
    smtp_host: str = Field("", description="the mail server that messages are sent through")
    smtp_port: int = Field(587, ge=1, le=65535, description="the mail server's port")
    smtp_user: str = Field("", description="who signs in to the mail server")
    smtp_password: SecretStr | None = Field(None, description="and the password")
    smtp_from: Annotated[str, BeforeValidator(_read_address)] = Field(
        "", description="the address mail is sent from"
    )
    smtp_tls: bool = Field(True, description="whether mail goes encrypted")
    smtp_security: Literal["starttls", "tls"] = Field(
        "starttls", description="how it is encrypted: `starttls`, or `tls` from the start, as on port 465"
    )
    mail_cc: Annotated[tuple[str, ...], BeforeValidator(_read_addresses)] = Field(
        (), description="addresses that get a copy of every message to an area or a Chair"
    )
    mail_reply_to: Annotated[tuple[str, ...], BeforeValidator(_read_addresses)] = Field(
        (), description="addresses that answers go to; the address mail is sent from when not given"
    )
    mail_oauth_tenant: str = Field(
        "", description="the directory (Entra ID) in which mail servers know us: its id or its domain"
    )
    mail_oauth_client_id: str = Field(
        "", description="our application there; signing in to mail servers by password when empty"
    )
    mail_oauth_client_secret: SecretStr | None = Field(None, description="and its secret")
    mail_oauth_authority: str = Field(
        "https://login.microsoftonline.com",
        pattern="^https://",
        description="the service that gives tokens for mail servers",
    )
    mail_oauth_scope: str = Field(
        "https://outlook.office365.com/.default", description="what those tokens are for"
    )
    imap_host: str = Field("", description="emails are fetched from this server; none are when empty")
    imap_port: int | None = Field(
        None, ge=1, le=65535, description="its port; 993 with `implicit`, 143 with `starttls` when not given"
    )
    imap_user: str = Field("", description="who signs in to it: the mailbox's address in Microsoft 365")
    imap_password: SecretStr | None = Field(
        None, description="and the password; the mail_oauth_ settings are used when not given"
    )
    imap_tls: Literal["implicit", "starttls"] = Field(
        "implicit", description="how its connection is encrypted: from the start, or by STARTTLS"
    )
    imap_folder: str = Field("INBOX", min_length=1, description="the folder that emails are fetched from")
    imap_done_folder: str = Field(
        "Taken in", min_length=1, description="the folder that those taken in are moved to"
    )
    trusted_mail_hosts: Annotated[tuple[str, ...], BeforeValidator(_read_hosts)] = Field(
        (), description="the office's own mail servers, whose word on a sender counts"
    )
    answer_unknown_senders: bool = Field(
        False, description="tell an unknown sender that the office has the email, and nothing else"
    )
    oidc_issuer: str = Field("", description="OpenID Connect provider; sign-in by password only when empty")
    oidc_client_id: str = Field("", description="OpenID Connect client")
    oidc_client_secret: SecretStr | None = Field(None, description="and its secret")
    oidc_trusts_email: bool = Field(
        False, description="take its email addresses as verified where it does not say"
    )
    retention_months: int = Field(72, ge=1, description="how long a closed cycle is kept before it is purged")
    prefect_host: str = Field("127.0.0.1", description="the address Prefect's server listens on")
    prefect_port: int = Field(4200, ge=1, le=65535, description="and its port")
    prefect_auth: SecretStr | None = Field(
        None, description="user:password of Prefect's server; made at each of its starts when not given"
    )
    prefect_database_url: SecretStr | None = Field(
        None, description="Prefect's own database; SQLite under var/prefect when not given"
    )
    intakes: int = Field(
        1, ge=1, le=32, description="how many Dask workers of its own a run has (with `dask` set to local)"
    )
    dask_ca: Path | None = Field(
        None, description="the certificate of who signed those of the Dask scheduler and its workers"
    )
    dask_certificate: Path | None = Field(None, description="our own certificate, for the Dask scheduler")
    dask_key: Path | None = Field(None, description="and the file with its key")
    dask: str = Field(
        "",
        description="the Dask scheduler (tls://...) on whose workers documents are read and made, or `local` "
        "for workers of its own; threads of the run when not given",
    )
    log_format: Literal["plain", "json"] = Field(
        "plain", description="logs as lines to read, or as one JSON object a line"
    )
    metrics_token: SecretStr | None = Field(
        None, description="what Prometheus brings to read /metrics; this machine only when not given"
    )
    makers: int = Field(
        default_factory=lambda: min((os.cpu_count() or 1) - 1, 3),
        ge=0,
        le=32,
        description="how many processes beside the one write documents when there are many; 0 for none",
    )
    approve_automatically: bool = Field(
        False, description="approve the proposed partners at once (rehearsals)"
    )
    sources: dict[str, str] = Field(default_factory=dict, exclude=True)

    @field_validator("prefect_auth")
    @classmethod
    def _check_prefect_auth(cls, given: SecretStr | None) -> SecretStr | None:
        """Refuse what Prefect takes for no password at all, or can't compare (it does so in ASCII only)."""
        if given is None:
            return None
        user, _, password = given.get_secret_value().partition(":")
        if not user or not password or not (user + password).isascii() or not (user + password).isprintable():
            raise ValueError("give it as user:password, both of plain letters, digits and signs")
        return given

    @field_validator("dask")
    @classmethod
    def _check_dask(cls, given: str, info: ValidationInfo) -> str:
        """Refuse a scheduler that asks nobody who they are: who reaches it can run code as our account."""
        if given in ("", "local"):
            return given
        if not given.startswith("tls://"):
            raise ValueError(
                "give `local`, or the scheduler's address with tls:// in front. Without TLS, anybody who "
                "reaches the scheduler can run programs as the service's account"
            )
        files = ("dask_ca", "dask_certificate", "dask_key")
        missing = [name for name in files if info.data.get(name) is None]
        if missing:
            raise ValueError(f"a scheduler with tls:// needs {', '.join(missing)} too: name the files")
        return given

    @property
    def dashboard_url(self) -> str:
        """Where the dashboard is opened: the public address, else where it listens."""
        return self.public_url or f"http://{format_local_host(self.host)}:{self.port}"

    @property
    def way_to_deliver(self) -> Delivery:
        """How messages leave: as set, else by a mail server where one is given, else in folders."""
        return self.delivery or (Delivery.SEND if self.smtp_host else Delivery.FOLDER)

    @property
    def max_bytes(self) -> int:
        """How large a document may be."""
        return int(self.max_megabytes * 1_000_000)

    @property
    def inbox_folder(self) -> Path:
        """Where documents arrive."""
        return self.inbox or self.home / "inbox"

    @property
    def outbox_folder(self) -> Path:
        """Where dispatches go."""
        return self.outbox or self.home / "outbox"

    @property
    def rejected_folder(self) -> Path:
        """The folder for documents that were not taken in, each with its reason."""
        return self.rejected or self.home / "rejected"

    @property
    def intake_folder(self) -> Path:
        """Where documents are while they are read. Only this account can enter it."""
        return self.var / "intake"

    @property
    def looks_folder(self) -> Path:
        """Where finished documents wait until the office has looked at them."""
        return self.var / "to-look-at"

    @property
    def temporary_folder(self) -> Path:
        """Where every process of the installation has its temporary files."""
        return self.var / "tmp"

    @property
    def var(self) -> Path:
        """Where the register, the archive and Prefect's own state are."""
        return self.home / "var"

    @property
    def archive_folder(self) -> Path:
        """Where originals are kept for ever."""
        return self.var / "archive"

    @property
    def register_url(self) -> str:
        """The register's database URL, password included: never print it."""
        if self.database_url:
            return self.database_url.get_secret_value().replace("postgres://", "postgresql://", 1)
        return f"sqlite:///{self.var / 'register.db'}"

    @property
    def own_templates(self) -> Path:
        """The folder in which the office may keep Word templates of its own."""
        return self.home / "templates" / "word"

    @property
    def own_frameworks(self) -> Path:
        """The folder in which the office may keep frameworks of its own."""
        return self.home / "frameworks"

    def has_old_folders(self) -> bool:
        """Whether the inbox still has folders that an older version made there.

        True only until this version has its own folder for intake. After that, a folder with such a name is
        treated like any other, because anybody may make one.
        """
        return not self.intake_folder.is_dir() and any(
            os.path.lexists(self.inbox_folder / name) for name in (OLD_CLAIMS, OLD_REJECTED)
        )

    def make_folders(self) -> None:
        """Make the installation's folders where they are missing, for its account only."""
        for folder in (self.inbox_folder, self.outbox_folder, self.archive_folder):
            make_private_folder(folder)
        self._check_inbox_is_apart()

    def _check_inbox_is_apart(self) -> None:
        """Raises WrongUse where a folder that only we may write to lies in the folder that others share."""
        inbox = self.inbox_folder.resolve()
        for name, folder in (
            ("outbox", self.outbox_folder),
            ("rejected", self.rejected_folder),
            ("home", self.home),
        ):
            if folder.resolve().is_relative_to(inbox):
                raise WrongUse(
                    f"The folder {name} lies inside the inbox: what is in it would be taken in again.",
                    remedy=f"Set PEER_CHALLENGE_{name.upper()} to a folder outside the inbox.",
                )


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    values = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX):
            continue
        key = name[len(PREFIX) :].lower()
        if key.endswith("_file") and key[:-5] in Settings.model_fields:
            values[key[:-5]] = (read_settings_text(Path(value)).strip(), f"file named by {name}")
        elif key in Settings.model_fields:
            values[key] = (value, f"environment {name}")
    return values


def read_settings_text(path: Path) -> str:
    """A file of settings as text. Raises WrongUse where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise WrongUse(
            f"{path.name} can't be read: line {line} holds a character that is not UTF-8.",
            remedy=f"Open {path} in an editor and save it with the encoding UTF-8.",
        ) from None


def _from_file(home: Path) -> dict[str, tuple[object, str]]:
    path = home / FILE_NAME
    if not path.exists():
        return {}
    if path.stat().st_size > MOST_SETTINGS_BYTES:
        raise WrongUse(f"{FILE_NAME} is far too large.", remedy=f"Keep only settings in {path}.")
    return _parse_settings_text(path, read_settings_text(path))


def _parse_settings_text(path: Path, text: str) -> dict[str, tuple[object, str]]:
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise WrongUse(
            f"{FILE_NAME} is nested too deeply.", remedy=f"Keep only settings in {path}."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(
            f"{FILE_NAME} can't be read: {error}.",
            remedy=f"Correct that line in {path}; docs/operations.md shows one.",
        ) from error
    return {key: (value, FILE_NAME) for key, value in table.items()}


def find_sign_in_fault(settings: Settings) -> tuple[str, str] | None:
    """Why nobody could sign in with the provider that is named: the setting, and a sentence; None where well.

    A page with such settings does not start.
    """
    if not settings.oidc_issuer:
        return None
    if not settings.oidc_client_id:
        return "oidc_client_id", "An OpenID Connect provider is named, but no client."
    address = urlsplit(settings.oidc_issuer)
    if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1"):
        return "oidc_issuer", "The OpenID Connect provider's address does not begin with https://."
    return None


def load_settings(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. Raises WrongUse naming every value that can't be used."""
    given = _from_environment(environment)
    folder = Path(home or given.get("home", (Path.cwd(), ""))[0]).expanduser().resolve()
    found = {**_from_file(folder), **given}
    found["home"] = (
        folder,
        found.get("home", ("", "working directory"))[1] if home is None else "command line",
    )
    try:
        return _build_settings(found)
    except ValidationError as error:
        wrong = "; ".join(
            f"{problem['loc'][0]}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        )
        raise WrongUse(
            f"The settings can't be used: {wrong}.",
            remedy="Correct them in the environment or in settings.toml; "
            "`peer-challenge doctor` lists those it knows.",
        ) from None


def check_settings_text(home: Path, text: str, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that would be in force with `text` in `settings.toml`, before it is written there.

    Raises WrongUse where the text is no TOML, and pydantic's ValidationError for values that can't be used.
    """
    found = {**_parse_settings_text(home / FILE_NAME, text), **_from_environment(environment)}
    return _build_settings({**found, "home": (home, "command line")})


def _build_settings(found: Mapping[str, tuple[object, str]]) -> Settings:
    return Settings.model_validate(
        {
            **{key: value for key, (value, _) in found.items()},
            "sources": {key: source for key, (_, source) in found.items()},
        }
    )
