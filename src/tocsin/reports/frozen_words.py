"""What a frozen run keeps of exceptions and of the Service Providers' own words: what agreed exceptions left out, commentary (CR1430)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExceptionLine:
    """One reported level that stands: `counted` of its unit (events, minutes), `exceptions` left out before; None where not told."""

    service_provider: str
    region: str
    measure_ref: str
    cpm: str
    submission: str
    unit: str
    counted: int | None
    exceptions: int | None


@dataclass(frozen=True)
class CommentLine:
    """What a Service Provider wrote beside one line of a report, as it came."""

    service_provider: str
    region: str
    measure_ref: str
    cpm: str
    report: str
    submission: str
    text: str


@dataclass(frozen=True)
class UnreportableLine:
    """Devices of whose firmware delivery a stage is not told, by the dated table; "*" is every one, `stages` those that are told."""

    service_provider: str
    device_type: str
    cohort: str
    model: str
    stages: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class ProviderWords:
    """The lines of one run. `reporting` are the Service Providers that reported at all: the others' silence is another thing.

    `why` says the reason where nothing is known of any of this.
    """

    reporting: tuple[str, ...] = ()
    exceptions: tuple[ExceptionLine, ...] = ()
    comments: tuple[CommentLine, ...] = ()
    unreportable: tuple[UnreportableLine, ...] = ()
    why: str = ""


NO_PROVIDER_WORDS = ProviderWords(why="The run was made before exceptions and commentary were kept. Close the period again.")
