"""The settings of a workspace: every table and key of workspace.toml, its default, and what is said of a key that is wrong."""

import difflib
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import ErrorDetails

FIRST_SETTINGS = """\
# Settings of this tocsin workspace. Every key is optional; the values shown are the defaults.

[workspace]
title = {title}
# period_zone = "Europe/London"            # where a month begins and ends; else by the dated setting of that name, UTC
calendar_profile = "england_and_wales"     # or "with_scotland": which bank holidays are not Working Days
# ledger = "postgresql+psycopg://…"        # when several people share a workspace; SQLite in store/ otherwise

[engine]
name = "duckdb"                            # or "spark", with url = "sc://host:15002"
# seen_as = "file:///mnt/tocsin"           # where a Spark cluster sees this folder, if not by the same path; or "s3a://bucket/folder"
threads = 2
memory_limit = "4GB"

[intake]
max_unpacked = "64GB"                      # a file that unpacks to more is refused (a zip bomb)
memory_limit = "1GB"
# compiled = "off"                         # "on": refuse to work without tocsin[volume], which reads large files three times as fast
# spread_from = "64MB"                     # files of this size and more are checked by a Spark cluster's workers (docs/cluster.md)

# Who is expected to send what. A slot nobody is expected to fill is "not expected", never "missing".
# [[expected]]
# feed = "audit_trail"
# sender = "DSP"
# every = "day"
# since = 2021-04-01                       # optional: owed from this day on …
# until = 2026-04-01                       # … and no longer from this one

# Whom to remind of what is owed, and through which server; without one, `tocsin remind MONTH --out FOLDER` writes the messages as files.
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

# Who must have agreed before a run is published (`tocsin sign-off`, `tocsin publish`), and who may speak for whom. "DCC" and "SECAS"
# answer for the whole report, a Service Provider for its own part; the DCC publishes, and may waive what does not come.
# [sign_off]
# required = ["DCC", "SECAS", "DSP"]
#
# [[signatory]]
# name = "service.manager"
# of = ["DCC"]
"""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# Nothing that could end a line: a header of a message must stay one line.
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,]+@[^@\s<>,]+$")]
Size = Annotated[str, StringConstraints(pattern=r"^[0-9]+(KB|MB|GB|TB)$")]
BYTES = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


def bytes_of(size: str) -> int:
    """Such as 64000000 for "64MB"."""
    return int(size[:-2]) * BYTES[size[-2:]]


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
    # An address such as Spark reads: of a folder it mounts, or of a bucket through which files are to pass.
    seen_as: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+://[^*?\[\]{}\\%#]+$")] | None = None
    threads: Annotated[int, Field(ge=1, le=1024)] = 2
    memory_limit: Size = "4GB"


class IntakeLimits(Strict):
    """The [intake] table."""

    max_unpacked: Size = "64GB"
    memory_limit: Size = "1GB"
    spread_from: Size | None = None
    compiled: Literal["auto", "off", "on"] = "auto"

    @property
    def max_unpacked_bytes(self) -> int:
        return bytes_of(self.max_unpacked)

    @property
    def is_compiled(self) -> bool | None:
        """Whether large files are read in compiled code; None where that is installed."""
        return None if self.compiled == "auto" else self.compiled == "on"


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


class SignOffs(Strict):
    """The [sign_off] table: without whose word a run is not published. None by default: a workspace of one person publishes by itself."""

    required: tuple[Text, ...] = ()


class Signatory(Strict):
    """One [[signatory]] table: a person, and the organisations that the person may speak for."""

    name: Text
    of: Annotated[tuple[Text, ...], Field(min_length=1)]


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
    sign_off: SignOffs = SignOffs()
    signatory: tuple[Signatory, ...] = ()
    simulated: SimulatedEstate | None = None


def amiss(error: ErrorDetails) -> str:
    """What is wrong with a key; for one that is not known the likeliest one meant."""
    if error["type"] == "tuple_type":
        is_table = isinstance(error["input"], dict)
        expected = f"tables that each begin with [[{error['loc'][-1]}]]" if is_table else 'a list such as ["DSP"]'
        return f"expected {expected}, found {'a single table' if is_table else repr(error['input'])}."
    if error["type"] != "extra_forbidden":
        return f"{error['msg']}, found {error['input']!r}."
    tables: dict[str, type[Strict]] = {
        "workspace": General,
        "engine": EngineChoice,
        "intake": IntakeLimits,
        "expected": Expected,
        "contact": Contact,
        "mail": MailServer,
        "sign_off": SignOffs,
        "signatory": Signatory,
        "simulated": SimulatedEstate,
    }
    keys = (tables.get(str(error["loc"][0]), Settings) if len(error["loc"]) > 1 else Settings).model_fields
    alike = difflib.get_close_matches(str(error["loc"][-1]), keys, n=1)
    return "there is no such setting. " + (f'Was "{alike[0]}" meant?' if alike else f"Known: {', '.join(keys)}.")
