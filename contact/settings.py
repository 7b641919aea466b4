"""Every setting of the service, read once, from the environment only."""

from __future__ import annotations

import base64
import binascii
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class ContactMode(enum.StrEnum):
    """`demo` is set by `make run` alone; everything else is `service` (engineering 17)."""

    DEMO = "demo"
    SERVICE = "service"


class SettingsError(Exception):
    """One or more settings are missing or wrong; names every one of them at once."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("The service cannot start. Please set:\n" + "\n".join(f"  - {line}" for line in problems))


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings. Keys are raw bytes; addresses are URLs without a trailing slash."""

    mode: ContactMode
    database_url: str
    database_worker_url: str
    database_owner_url: str
    port: int
    home: Path
    public_url: str
    secret_key: str
    audit_key: bytes
    evidence_key: bytes
    evidence_store: str
    s3_key_id: str
    s3_secret: str
    clamd_address: str | None
    trusted_proxies: int
    force_id: str | None
    emergency_force_id: str | None
    smtp_url: str
    mail_from: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_from: str
    twilio_api_url: str | None
    stripe_secret_key: str | None
    stripe_webhook_secret: str | None
    stripe_api_url: str | None
    metrics_token: str | None
    chatbot: bool
    rasa_url: str | None
    chatbot_database_url: str | None
    exit_url: str
    widget_origins: Mapping[str, tuple[str, ...]]
    map_tiles_url: str | None
    map_tiles_attribution: str
    pool_size: int
    log_level: str

    @property
    def demo(self) -> bool:
        """True where every page and message must say that it is a demonstration (practice 10)."""
        return self.mode is ContactMode.DEMO

    @property
    def evidence_folder(self) -> Path:
        """Where files lie, unless they lie in an S3-compatible service."""
        return Path(self.evidence_store)

    @property
    def evidence_in_folder(self) -> bool:
        """True where files lie in a folder, which `contact backup` then copies."""
        return not self.evidence_store.startswith("s3://")

    @property
    def takes_payments(self) -> bool:
        """False where no account for payments was named: then only the force's other way to pay is shown."""
        return self.stripe_secret_key is not None

    @property
    def checkout_origin(self) -> str:
        """Where a payer is sent to pay, which the policy of a page with that button must name (engineering 11)."""
        return self.stripe_api_url or "https://checkout.stripe.com"

    @property
    def secure_cookies(self) -> bool:
        """Cookies carry Secure wherever the public address is https."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings. Raises SettingsError naming every missing or wrong variable."""
        return _Reader(environ).settings()


_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_LIVE_TWILIO = re.compile(r"AC[0-9a-fA-F]{32}")
_LIVE_STRIPE = ("sk_live_", "rk_live_")


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def settings(self) -> Settings:
        mode = self._mode()
        port = self._int("PORT", 8000, low=1, high=65535)
        home = Path(self.environ.get("CONTACT_HOME") or ".contact").expanduser().absolute()
        store = self._evidence_store("EVIDENCE_STORE", home)
        in_s3 = store.startswith("s3://")
        found = Settings(
            mode=mode,
            database_url=self._database("DATABASE_URL"),
            database_worker_url=self._database("DATABASE_WORKER_URL"),
            database_owner_url=self._database("DATABASE_OWNER_URL"),
            port=port,
            home=home,
            public_url=self._url("PUBLIC_URL", f"http://127.0.0.1:{port}" if mode is ContactMode.DEMO else None),
            secret_key=self._secret_text("SECRET_KEY"),
            audit_key=self._key("AUDIT_KEY"),
            evidence_key=self._key("EVIDENCE_KEY"),
            evidence_store=store,
            s3_key_id=self._required("AWS_ACCESS_KEY_ID", "who EVIDENCE_STORE lets in") if in_s3 else "",
            s3_secret=self._required("AWS_SECRET_ACCESS_KEY", "that account's secret") if in_s3 else "",
            clamd_address=self._clamd("CLAMD_ADDRESS"),
            trusted_proxies=self._int("TRUSTED_PROXIES", 0, low=0, high=10),
            force_id=self.environ.get("CONTACT_FORCE") or None,
            emergency_force_id=self.environ.get("EMERGENCY_FORCE") or None,
            smtp_url=self._smtp("SMTP_URL"),
            mail_from=self._mail_address("MAIL_FROM"),
            twilio_account_sid=self._required("TWILIO_ACCOUNT_SID", "the account that places alarm calls"),
            twilio_auth_token=self._required("TWILIO_AUTH_TOKEN", "that account's token"),
            twilio_from=self._required("TWILIO_FROM", "the number that alarm calls come from"),
            twilio_api_url=self.environ.get("TWILIO_API_URL") or None,
            stripe_secret_key=self._stripe("STRIPE_SECRET_KEY", r"[sr]k_(live|test)_\w+", "sk_live_…"),
            stripe_webhook_secret=self._stripe("STRIPE_WEBHOOK_SECRET", r"whsec_\S+", "whsec_…"),
            stripe_api_url=(self.environ.get("STRIPE_API_URL") or "").rstrip("/") or None,
            metrics_token=self.environ.get("METRICS_TOKEN") or None,
            chatbot=self._one_of("CHATBOT", "off", ("on", "off")) == "on",
            rasa_url=self._rasa("RASA_URL"),
            chatbot_database_url=self.environ.get("CHATBOT_DATABASE_URL") or None,
            exit_url=self._url("EXIT_URL", "https://www.bbc.co.uk/weather"),
            widget_origins=self._origins("WIDGET_ORIGINS", demo=mode is ContactMode.DEMO),
            map_tiles_url=self._tiles("MAP_TILES_URL"),
            map_tiles_attribution=self.environ.get("MAP_TILES_ATTRIBUTION", "").strip(),
            pool_size=self._int("DATABASE_POOL_SIZE", 10, low=1, high=200),
            log_level=self._one_of("LOG_LEVEL", "info", ("debug", "info", "warning", "error", "critical")).upper(),
        )
        self._modes_apart(found)
        if found.map_tiles_url and not found.map_tiles_attribution:
            self.problems.append("MAP_TILES_ATTRIBUTION: is missing (whose map it is, which its owner wants said)")
        if self.problems:
            raise SettingsError(self.problems)
        return found

    def _mode(self) -> ContactMode:
        raw = self.environ.get("CONTACT_MODE", ContactMode.SERVICE.value)
        try:
            return ContactMode(raw)
        except ValueError:
            self.problems.append("CONTACT_MODE: must be demo or service")
            return ContactMode.SERVICE

    def _modes_apart(self, found: Settings) -> None:
        """Demo refuses anything real, service refuses anything pretended (engineering 17)."""
        self._payments_apart(found)
        if found.demo:
            for name in ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_OWNER_URL"):
                if not _on_this_machine(self.environ.get(name, "")):
                    self.problems.append(f"{name}: the demonstration uses a database on this machine only")
            if urlsplit(_endpoint_of(found.evidence_store)).hostname not in {*_LOOPBACK, None}:
                self.problems.append("EVIDENCE_STORE: the demonstration uses a store on this machine only")
            if not found.twilio_api_url and _LIVE_TWILIO.fullmatch(found.twilio_account_sid or ""):
                self.problems.append("TWILIO_ACCOUNT_SID: the demonstration refuses a live account")
            return
        if not (found.force_id or found.emergency_force_id):
            self.problems.append("EMERGENCY_FORCE: is missing (who takes an emergency whose words name no place)")
        if found.twilio_api_url:
            self.problems.append("TWILIO_API_URL: is for the demonstration only")
        if found.public_url.startswith("http://"):
            self.problems.append("PUBLIC_URL: must begin with https://")

    def _payments_apart(self, found: Settings) -> None:
        """Money is real in service and pretended in a demonstration; a key without its signing secret is neither."""
        if bool(found.stripe_secret_key) != bool(found.stripe_webhook_secret):
            missing = "STRIPE_WEBHOOK_SECRET" if found.stripe_secret_key else "STRIPE_SECRET_KEY"
            self.problems.append(f"{missing}: is missing (both are set, or neither where no payments are taken)")
        live = (found.stripe_secret_key or "").startswith(_LIVE_STRIPE)
        if found.demo and live:
            self.problems.append("STRIPE_SECRET_KEY: the demonstration refuses a live key")
        if not found.demo and found.stripe_secret_key and not live:
            self.problems.append("STRIPE_SECRET_KEY: must be a live key (a test key is for the demonstration only)")
        if not found.demo and found.stripe_api_url:
            self.problems.append("STRIPE_API_URL: is for the demonstration only")

    def _stripe(self, name: str, pattern: str, shape: str) -> str | None:
        """One of the payment account's two secrets, neither of which is needed where no payments are taken."""
        value = self.environ.get(name, "").strip()
        if value and not re.fullmatch(pattern, value, re.ASCII):
            self.problems.append(f"{name}: must look like {shape}")
        return value or None

    def _required(self, name: str, meaning: str) -> str:
        value = self.environ.get(name, "").strip()
        if not value:
            self.problems.append(f"{name}: is missing ({meaning})")
        return value

    def _database(self, name: str) -> str:
        value = self._required(name, "a PostgreSQL address, postgresql://role@host/name")
        if value and not value.startswith(("postgresql://", "postgres://")):
            self.problems.append(f"{name}: must begin with postgresql://")
        return value

    def _smtp(self, name: str) -> str:
        value = self._required(name, "for example smtps://user:password@mail.example:465")
        if value and not value.startswith(("smtp://", "smtp+starttls://", "smtps://")):
            self.problems.append(f"{name}: must begin with smtps://, smtp+starttls:// or smtp://")
        return value

    def _mail_address(self, name: str) -> str:
        value = self._required(name, "the address that mail comes from")
        if value and ("@" not in value or not value.isprintable()):
            self.problems.append(f"{name}: must be a mail address")
        return value

    def _one_of(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = (self.environ.get(name) or default).lower()
        if value not in allowed:
            self.problems.append(f"{name}: must be one of {', '.join(allowed)}")
        return value

    def _url(self, name: str, default: str | None) -> str:
        value = (self.environ.get(name) or default or "").rstrip("/")
        if not value.startswith(("http://", "https://")):
            self.problems.append(f"{name}: is missing or wrong (an address that begins with https://)")
        return value

    def _origins(self, name: str, *, demo: bool) -> dict[str, tuple[str, ...]]:
        """`force=https://site force=https://other`: the sites that may show that force's chat in a frame."""
        found: dict[str, tuple[str, ...]] = {}
        pattern = r"(https?)://([A-Za-z0-9.-]+)(:[0-9]{1,5})?"
        for part in self.environ.get(name, "").split():
            force_id, _, origin = part.partition("=")
            site = re.fullmatch(pattern, origin)
            if not force_id or site is None or (site[1] == "http" and not (demo and site[2] in _LOOPBACK)):
                self.problems.append(f"{name}: must be like kent=https://www.kent.example, with spaces between")
                break
            found[force_id] = (*found.get(force_id, ()), origin)
        return found

    def _tiles(self, name: str) -> str | None:
        """The pictures of a map, square by square. One origin only, since a page's policy names it."""
        value = self.environ.get(name, "").strip()
        if not value:
            return None
        host, _, path = value.removeprefix("https://").partition("/")
        whole = value.startswith("https://") and re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]+)?", host)
        if not whole or not all(part in path for part in ("{z}", "{x}", "{y}")) or not value.isascii():
            self.problems.append(f"{name}: must look like https://tiles.example/{{z}}/{{x}}/{{y}}.png")
            return None
        return value

    def _rasa(self, name: str) -> str | None:
        """Rasa's address, on this machine or the private network; not needed where CHATBOT is off."""
        value = self.environ.get(name, "").strip().rstrip("/")
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            self.problems.append(f"{name}: must look like http://127.0.0.1:5005")
            return None
        return value

    def _evidence_store(self, name: str, home: Path) -> str:
        """A folder's path, or s3://bucket/prefix?endpoint=https://…&region=…."""
        value = self.environ.get(name, "").strip()
        if not value.startswith("s3://"):
            return str(Path(value or home / "evidence").expanduser().absolute())
        if not urlsplit(value).netloc or not _endpoint_of(value).startswith(("https://", "http://")):
            self.problems.append(
                f"{name}: must look like s3://bucket/prefix?endpoint=https://s3.example&region=eu-west-2"
            )
        return value

    def _clamd(self, name: str) -> str | None:
        """The malware scanner: the path of its socket, or host:port."""
        value = self.environ.get(name, "").strip()
        if value and not value.startswith("/") and not re.fullmatch(r"[A-Za-z0-9._-]+:[0-9]{1,5}", value):
            self.problems.append(f"{name}: must be the path of clamd's socket, or host:port")
        return value or None

    def _secret_text(self, name: str) -> str:
        value = self._required(name, "at least 32 random characters")
        if value and len(value) < 32:
            self.problems.append(f"{name}: must be at least 32 characters long")
        return value

    def _key(self, name: str) -> bytes:
        value = self._required(name, "32 random bytes in base64")
        try:
            raw = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if value and len(raw) != 32:
            self.problems.append(f"{name}: must be 32 random bytes in base64")
        return raw

    def _int(self, name: str, default: int, *, low: int, high: int) -> int:
        raw = self.environ.get(name) or str(default)
        if raw.isascii() and raw.isdigit() and low <= int(raw) <= high:
            return int(raw)
        self.problems.append(f"{name}: must be a whole number from {low} to {high}")
        return default


def _endpoint_of(evidence_store: str) -> str:
    """The address in s3://…?endpoint=…, or nothing for a folder."""
    return dict(parse_qsl(urlsplit(evidence_store).query)).get("endpoint", "") if "?" in evidence_store else ""


def _on_this_machine(database_url: str) -> bool:
    """Whether every host that a libpq address names, before or after its `?`, is this machine or a socket's folder."""
    try:
        parts = urlsplit(database_url)
    except ValueError:
        return False
    named = [
        host for name, hosts in parse_qsl(parts.query) if name in ("host", "hostaddr") for host in hosts.split(",")
    ]
    for each in parts.netloc.rpartition("@")[2].split(","):
        named.append(each.rpartition(":")[0].strip("[]") if re.search(r":[0-9]*$", each) else each.strip("[]"))
    return all(not host or host.startswith("/") or host in _LOOPBACK for host in map(unquote, named))
