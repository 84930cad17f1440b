"""A workspace: one folder that holds a company's settings, files, store and runs (architecture section 7)."""

import difflib
import json
import secrets
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import PROFILES
from tocsin.vocabulary.errors import BadDeclaration

FILE = "workspace.toml"
FOLDERS = ("incoming", "shapes", "reference", "store", "runs", "secret")

FIRST_SETTINGS = """\
# Settings of this tocsin workspace. Every key is optional; the values shown are the defaults.

[workspace]
title = {title}
# period_zone = "Europe/London"            # where a month begins and ends; else by the dated setting of that name, UTC
calendar_profile = "england_and_wales"     # or "with_scotland": which bank holidays are not Working Days
# ledger = "postgresql+psycopg://…"        # when several people share a workspace; SQLite in store/ otherwise

[engine]
name = "duckdb"                            # or "spark", with url = "sc://host:15002"
threads = 2
memory_limit = "4GB"

[intake]
max_unpacked = "64GB"                      # a file that unpacks to more is refused (a zip bomb)
memory_limit = "1GB"

# Who is expected to send what. A slot nobody is expected to fill is "not expected", never "missing".
# [[expected]]
# feed = "audit_trail"
# sender = "DSP"
# every = "day"
# since = 2021-04-01                       # optional: owed from this day on …
# until = 2026-04-01                       # … and no longer from this one

# Whom to remind of what is owed, and through which server; without one `tocsin remind` writes the messages as files.
# [[contact]]
# sender = "DSP"
# email = ["reports@dsp.example"]
#
# [mail]
# host = "mail.example"
# port = 587
# sent_from = "toc@dcc.example"
# starttls = true
# user = "toc"                             # its password is read from the environment variable TOCSIN_MAIL_PASSWORD
"""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# Nothing that could end a line: a header of a message must stay one line.
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,]+@[^@\s<>,]+$")]
Size = Annotated[str, StringConstraints(pattern=r"^[0-9]+(KB|MB|GB|TB)$")]
BYTES = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


class Strict(BaseModel):
    """Settings refuse a key they do not know: a misspelt setting must not be taken for a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class General(Strict):
    """The [workspace] table."""

    title: Text = "tocsin"
    # None: as the dated setting says, which is printed as the assumption it is.
    period_zone: Literal["UTC", "Europe/London"] | None = None
    calendar_profile: str = "england_and_wales"
    ledger: str | None = None


class EngineChoice(Strict):
    """The [engine] table."""

    name: Literal["duckdb", "spark"] = "duckdb"
    url: str | None = None
    threads: Annotated[int, Field(ge=1, le=1024)] = 2
    memory_limit: Size = "4GB"


class IntakeLimits(Strict):
    """The [intake] table."""

    max_unpacked: Size = "64GB"
    memory_limit: Size = "1GB"

    @property
    def max_unpacked_bytes(self) -> int:
        return int(self.max_unpacked[:-2]) * BYTES[self.max_unpacked[-2:]]


class Expected(Strict):
    """One [[expected]] table: a sender owes a feed in every slot of this length, from a day on and until another if it says so."""

    feed: Text
    sender: Text
    every: Literal["quarter_hour", "day", "month"]
    since: date | None = None
    until: date | None = None


class Contact(Strict):
    """One [[contact]] table: where a sender is reminded of what it owes."""

    sender: Text
    email: Annotated[tuple[Address, ...], Field(min_length=1)]


class MailServer(Strict):
    """The [mail] table: the server that reminders are sent through. A password is never kept here, only the variable that holds it."""

    host: Text
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    sent_from: Address
    starttls: bool = True
    user: Text | None = None
    password_variable: Text = "TOCSIN_MAIL_PASSWORD"


class SimulatedEstate(Strict):
    """The [simulated] table, written by `tocsin simulate`: the records are made up, and every report says so."""

    month: Text
    scale: Text
    seed: int
    faults: Text

    @property
    def sentence(self) -> str:
        """Such as "Simulated estate, 2021-09, seed 7, scale 0.0002, faults usual"."""
        return f"Simulated estate, {self.month}, seed {self.seed}, scale {self.scale}, faults {self.faults}"


class Settings(Strict):
    """All of workspace.toml."""

    workspace: General = General()
    engine: EngineChoice = EngineChoice()
    intake: IntakeLimits = IntakeLimits()
    expected: tuple[Expected, ...] = ()
    contact: tuple[Contact, ...] = ()
    mail: MailServer | None = None
    simulated: SimulatedEstate | None = None


@dataclass(frozen=True)
class Workspace:
    """The folder and its settings."""

    root: Path
    settings: Settings

    @classmethod
    def create(cls, root: Path, title: str | None = None) -> "Workspace":
        """Make the folders and a commented workspace.toml. Raises BadDeclaration where a workspace already is."""
        if (root / FILE).exists():
            raise BadDeclaration(f"{root / FILE} is there already: this folder is a workspace. Nothing was changed.")
        named = (title or root.resolve().name).strip() or "tocsin"
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True, exist_ok=True)
        secret = root / "secret" / "anonymity.key"
        if not secret.exists():
            # Party codes are a keyed hash (domain.md 6.5): whoever holds this key can undo them, so it stays out of store and runs.
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_hex(32) + "\n")
        # JSON's text is TOML's text: a title may hold quotation marks.
        (root / FILE).write_text(FIRST_SETTINGS.format(title=json.dumps(named, ensure_ascii=False)), encoding="utf-8")
        return cls.open(root)

    @classmethod
    def open(cls, root: Path) -> "Workspace":
        """Read a workspace's settings. Raises BadDeclaration naming the file, the key, what was expected and found."""
        path = root / FILE
        if not path.is_file():
            raise BadDeclaration(f"{root} is not a workspace: no {FILE} there. Make one with: tocsin init {root}")
        try:
            settings = Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
            raise BadDeclaration(f"{path}: expected TOML in UTF-8, found {wrong}. Correct the file.") from wrong
        except ValidationError as wrong:
            first = wrong.errors()[0]
            key = ".".join(str(piece) for piece in first["loc"])
            raise BadDeclaration(f"{path}: {key}: {_amiss(first)} Correct the file.") from wrong
        if settings.workspace.calendar_profile not in PROFILES:
            raise BadDeclaration(
                f'{path}: workspace.calendar_profile: expected one of {", ".join(PROFILES)}, found "{settings.workspace.calendar_profile}".'
            )
        for expected in settings.expected:
            if expected.feed not in all_feeds():
                raise BadDeclaration(f'{path}: expected.feed: "{expected.feed}" is no feed. Known: {", ".join(all_feeds())}.')
        return cls(root, settings)

    @property
    def incoming(self) -> Path:
        return self.root / "incoming"

    @property
    def shapes(self) -> Path:
        return self.root / "shapes"

    @property
    def store(self) -> Path:
        return self.root / "store"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def reference(self) -> Path:
        """Dated rows of the workspace's own, laid over the shipped tables."""
        return self.root / "reference"

    @property
    def actions(self) -> Path:
        """The journal of actions against changes; there is none until the first is recorded."""
        return self.root / "actions.jsonl"

    @property
    def anonymity_secret(self) -> bytes:
        """The key of the party codes. Raises BadDeclaration when it is missing: new codes would break comparison within a year."""
        path = self.root / "secret" / "anonymity.key"
        told = path.read_text(encoding="utf-8", errors="replace").strip() if path.is_file() else ""
        if not told:
            raise BadDeclaration(f"{path} is missing or empty. Restore it from a copy: party codes of this reporting year depend on it.")
        try:
            return bytes.fromhex(told)
        except ValueError as wrong:
            raise BadDeclaration(f"{path}: hexadecimal digits were expected, found something else. Restore it from a copy.") from wrong

    def override(self, table: str) -> Path | None:
        """The workspace's own dated rows for a shipped table, if it has any."""
        path = self.reference / f"{table}.csv"
        return path if path.is_file() else None


def _amiss(error: ErrorDetails) -> str:
    """What is wrong with a key; for one that is not known the likeliest one meant."""
    if error["type"] != "extra_forbidden":
        return f"{error['msg']}, found {error['input']!r}."
    tables: dict[str, type[Strict]] = {
        "workspace": General,
        "engine": EngineChoice,
        "intake": IntakeLimits,
        "expected": Expected,
        "contact": Contact,
        "mail": MailServer,
        "simulated": SimulatedEstate,
    }
    keys = (tables.get(str(error["loc"][0]), Settings) if len(error["loc"]) > 1 else Settings).model_fields
    alike = difflib.get_close_matches(str(error["loc"][-1]), keys, n=1)
    return "there is no such setting. " + (f'Was "{alike[0]}" meant?' if alike else f"Known: {', '.join(keys)}.")
