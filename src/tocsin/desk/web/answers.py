"""The form of every answer of the API, for its description (OpenAPI). Instants are UTC, ISO 8601, to the microsecond."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Month = Annotated[str, Field(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$", examples=["2021-09"])]
Instant = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$")]
# A binary number would not hold all the digits of what was divided, so it is text.
Divided = Annotated[str | None, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["98.9996"])]


class Answer(BaseModel):
    """Whatever is answered: no key but these."""

    model_config = ConfigDict(extra="forbid")


class Problem(Answer):
    """What is wrong with a request, in words (RFC 9457)."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: Annotated[str, Field(examples=['"2021-10" has no run. There are runs of: 2021-08, 2021-09.'])]


class Wait(Answer):
    """What is still waited for of one feed and sender."""

    feed: str
    sender: str
    owed: int
    missing: int
    to_come: Annotated[int, Field(description="Not due yet.")]
    overdue_at: Instant | None
    next_due_at: Instant | None
    subjects: Annotated[list[str], Field(description="Measures, Business Processes and areas that rest on the feed.")]
    is_after: Annotated[bool, Field(description="Owed of the days after the month, in which late answers may come.")]


class Glance(Answer):
    """Which run it is, of what, as known when, and out of what."""

    run_id: str
    period: Month
    zone: Annotated[str, Field(description="In which the month begins and ends.")]
    start_at: Instant
    end_at: Instant
    as_at: Annotated[Instant, Field(description="What had been received by then is counted.")]
    made_at: Instant
    is_complete: Annotated[bool, Field(description="False while owed files are not in or requests are still open.")]
    engine: str
    code_version: str
    basis_digest: Digest
    parameters_digest: Digest
    digest: Annotated[Digest, Field(description="Of all files that are kept of the run.")]
    is_latest: Annotated[bool, Field(description="Whether no later run of the month is there.")]


class Run(Glance):
    """The same with what it waits for."""

    title: Annotated[str, Field(description="What the workspace is called; empty where it has no name.")]
    simulated: Annotated[str, Field(description="Which simulated estate the records are of; empty where they are real.")]
    provisional_because: list[str]
    waits: list[Wait]


class Figure(Answer):
    """One figure, as in figures.json of the report."""

    name: Annotated[str, Field(examples=["cpm_5/resolver_group=DSP"])]
    subject: Annotated[str, Field(examples=["cpm_5"])]
    indicator: str
    breakdown: Annotated[dict[str, str], Field(examples=[{"resolver_group": "DSP"}])]
    unit: Annotated[str, Field(examples=["percent", "seconds", "count"])]
    counted: int | None
    met: int | None
    value: Annotated[Divided, Field(description="Null where there is none: its status and `shown` say why.")]
    shown: Annotated[str, Field(description="The words that the report prints.")]
    status: Annotated[str, Field(examples=["met", "below_target", "no_data", "incomplete"])]
    target: Divided
    minimum: Divided
    marks: list[str]
    source: str
    journey: str
    predicate: str
    filled: Annotated[int, Field(description="Files in, of those it rests on.")]
    expected: int
    so_far: Annotated[str, Field(description="Of an incomplete figure, what is there; never judged.")]


class Change(Answer):
    """What changed since the month before."""

    key: str
    kind: str
    title: str
    before: str | None
    now: str
    change: str | None
    unit: str
    events: int
    since: str
    months: int
    against: str | None
    figure: Annotated[str | None, Field(description="The name of its figure, where it has one.")]


class Slot(Answer):
    """What one sender owed of one feed for one stretch of time."""

    feed: str
    sender: str
    covers: str
    due_at: Instant | None
    state: Annotated[str, Field(examples=["on_time", "late", "missing", "not_due_yet", "not_expected"])]
    filled_at: Instant | None


class Delivery(Answer):
    """One file by counts. Of one that does not stand the run tells none; `stands` is what fills its slot, or empty."""

    delivery: str
    feed: str
    sender: str
    covers: str
    submission: str
    received_at: Instant
    lines: int | None
    accepted: int | None
    refused: int | None
    duplicates: int | None
    status: Literal["stands", "superseded", "withdrawn"]
    stands: str


class Layout(Answer):
    """Keys stay as they are within a layout; new ones may come beside them."""

    layout: Literal[1]


class Listed(Layout):
    """A page of a list, in an order that stays."""

    total: Annotated[int, Field(description="Of what was asked for, on all pages.")]
    offset: int
    limit: int
    next_offset: Annotated[int | None, Field(description="Of the next page; null at the end.")]


class MonthOfRuns(Answer):
    """A month and its latest run."""

    month: Month
    runs: int
    latest: Glance


class Months(Listed):
    """The months that were closed."""

    months: list[MonthOfRuns]


class Runs(Listed):
    """The runs of a month, oldest as-at first."""

    month: Month
    runs: list[Glance]


class OneRun(Layout):
    """A run, and what can be asked of it."""

    run: Run
    figures: Annotated[int, Field(description="How many.")]
    subjects: Annotated[dict[str, int], Field(description="How many of which measure, Business Process or area.")]
    columns: Annotated[list[str], Field(description="By which figures are broken down, and may be chosen.")]


class Figures(Listed):
    """Figures of a run."""

    run: Run
    figures: list[Figure]


class OneFigure(Layout):
    """A figure of a run."""

    run: Run
    figure: Figure


class Changes(Listed):
    """What changed in a run since the month before."""

    run: Run
    changes: list[Change]


class Slots(Listed):
    """What was owed of a run's month."""

    run: Run
    slots: list[Slot]


class Deliveries(Listed):
    """The deliveries of a run's month."""

    run: Run
    deliveries: list[Delivery]
