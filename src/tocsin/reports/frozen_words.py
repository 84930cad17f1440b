"""What a frozen run keeps of the Service Providers' own words: events that agreed exceptions left out, and commentary (CR1430)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExceptionLine:
    """One reported level that stands: `counted` events or minutes, `exceptions` of them left out before; None where not told."""

    service_provider: str
    region: str
    measure_ref: str
    cpm: str
    submission: str
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
class ProviderWords:
    """The lines of one run. `reporting` are the Service Providers that reported at all: the others' silence is another thing.

    `why` says the reason where nothing is known of any of this.
    """

    reporting: tuple[str, ...] = ()
    exceptions: tuple[ExceptionLine, ...] = ()
    comments: tuple[CommentLine, ...] = ()
    why: str = ""


NO_PROVIDER_WORDS = ProviderWords(why="The run was made before exceptions and commentary were kept. Close the period again.")
