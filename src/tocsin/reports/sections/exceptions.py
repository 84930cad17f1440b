"""Exceptions: in one place, what was left out of a measure and why (the PMEL of the Methodology; domain.md 2.1, 2.6, 8.2 and 12)."""

from collections import Counter
from collections.abc import Iterator

from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Status, Table, shown
from tocsin.reports.change_words import subject_title
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_words import ExceptionLine, UnreportableLine
from tocsin.reports.section import Section
from tocsin.reports.wording import measure_label, number, spoken, value_title
from tocsin.vocabulary.firmware import ANY, DELIVERY_STAGES, FIRMWARE_STAGES
from tocsin.vocabulary.provider_reports import NO_MEASURE

_PAGE_ROWS = 60
_AVAILABILITY, _UPLOADS = "availability_minutes", "firmware_uploads"


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    return [
        Prose(
            "Nothing is left out of a measure silently. What is left out is agreed (an allowed exception, Planned Maintenance arranged in "
            "compliance, a device that cannot acknowledge), or cannot be counted (rows that contradict themselves); each kind stands here "
            "with its count."
        ),
        Heading("Allowed exceptions, as Service Providers tell them"),
        *_allowed(run),
        Heading("Planned Maintenance left out of availability"),
        _maintenance(run, book),
        Heading("Devices of whose firmware delivery a stage is not told"),
        *_firmware(run, book),
        Heading("Set aside"),
        _set_aside(run),
    ]


def _allowed(run: FrozenRun) -> Iterator[Block]:
    words = run.provider_words
    if words.why:
        yield Note(words.why)
        return
    told = Counter("told" if line.exceptions else "none" if line.exceptions is not None else "untold" for line in words.exceptions)
    sums = Counter[str]()
    for line in words.exceptions:
        sums[line.unit] += line.exceptions or 0
    amounts = " and ".join(f"{number(count)} {unit}" for unit, count in sums.items() if count) or "nothing"
    yield Prose(
        f"Reported levels: {len(words.exceptions)}. With exceptions: {told['told']} ({amounts} left out); told to have none: "
        f"{told['none']}; not told: {told['untold']}. They were left out by the Service Provider before it counted: the TOC sees "
        f"their number and not the events.{_untold(run)}"
    )
    # What was left out first, then what is not told, then what is told to be none.
    order = sorted(words.exceptions, key=lambda line: (-(line.exceptions or 0), line.exceptions is not None))
    columns = (
        Column("Service Provider", share=2), Column("Measure", share=4), Column("In"), Column("CSP Region"), Column("Submission"),
        Column("Unit"), Column("Left out", "whole"), Column("Counted", "whole"),
    )  # fmt: skip
    rows = tuple(_exception(run, line) for line in order)
    # The page prints those that tell of some, the workbook every one.
    printed = max(1, told["told"])
    yield Table("Events left out by allowed exceptions", columns, rows, "No Service Provider reported a level.", printed)


def _untold(run: FrozenRun) -> str:
    levels = Counter(line.service_provider for line in run.provider_words.exceptions if line.exceptions is None)
    told = (f"{value_title(run, 'service_provider', code)} ({count})" for code, count in levels.items())
    return f" Not told, by levels: {', '.join(told)}." if levels else ""


def _exception(run: FrozenRun, line: ExceptionLine) -> tuple[Cell, ...]:
    def told(count: int | None) -> Cell:
        return count if count is not None else "not told"

    return (
        value_title(run, "service_provider", line.service_provider), value_title(run, "measure_ref", line.measure_ref),
        measure_label(line.cpm) if line.cpm != NO_MEASURE else "no measure", value_title(run, "region", line.region),
        line.submission, line.unit, told(line.exceptions), told(line.counted),
    )  # fmt: skip


def _maintenance(run: FrozenRun, book: FigureBook) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for figure in book.of(_AVAILABILITY):
        if figure.indicator == "maintenance" and figure.breakdown:
            untimely = book.at(_AVAILABILITY, "untimely", figure.breakdown)
            rows.append((value_title(run, *figure.breakdown[0]), shown(figure), shown(untimely) if untimely is not None else "no figure"))
    columns = (
        Column("Service", share=3), Column("Arranged in compliance, min", "whole"), Column("Records outside the nights for it", "whole"),
    )  # fmt: skip
    return Table("Planned Maintenance by service", columns, tuple(rows), "No list of outages and Planned Maintenance was received.")


def _firmware(run: FrozenRun, book: FigureBook) -> Iterator[Block]:
    whole = book.whole(_UPLOADS, "not_reportable")
    if whole is not None:
        count = number(whole.counted) if whole.value is not None and whole.counted is not None else whole.shown
        yield Prose(
            f"Devices that cannot acknowledge an image, whose journey ends at the Communications Hub and which are no failures: {count}. "
            "Which they are is a dated table of the product, by Service Provider, device type and model."
        )
    columns = (
        Column("Service Provider", share=2), Column("Device type", share=2), Column("Cohort", share=2), Column("Model", share=2),
        Column("Not told", share=4), Column("Known as", "status"),
    )  # fmt: skip
    rows = tuple(_unreportable(run, line) for line in run.provider_words.unreportable)
    yield Table("Stages of a firmware delivery that nobody tells", columns, rows, "No stage is known not to be told.", _PAGE_ROWS)


def _unreportable(run: FrozenRun, line: UnreportableLine) -> tuple[Cell, ...]:
    def named(value: str, column: str = "") -> str:
        return "every one" if value == ANY else value_title(run, column, value) if column else value

    untold = "; ".join(FIRMWARE_STAGES[stage] for stage in DELIVERY_STAGES if stage not in line.stages)
    return (
        named(line.service_provider, "service_provider"), named(line.device_type), named(line.cohort), named(line.model), untold,
        Status(line.status),
    )  # fmt: skip


def _set_aside(run: FrozenRun) -> Table:
    rows = tuple(
        (line.sentence, line.count, ", ".join(_subjects(run, line.left_out_of)))
        for line in run.oddities if line.left_out_of
    )  # fmt: skip
    columns = Column("What and why", share=4), Column("Count", "whole"), Column("Left out of", share=5)
    return Table(
        "Set aside, and in no measure", columns, rows, "Nothing was set aside; what was remarked on stands under Data quality.", _PAGE_ROWS
    )


def _subjects(run: FrozenRun, names: tuple[str, ...]) -> Iterator[str]:
    """Measures by their short names; Business Processes all together, since one row stands in one or several of the twelve."""
    measures, processes = {one.name for one in run.measures}, {one.name for one in run.processes}
    yield from (measure_label(name) for name in names if name in measures)
    yield from (subject_title(run, name) or spoken(name) for name in names if name not in measures | processes)
    if processes & set(names):
        yield "Business Processes"


EXCEPTIONS = Section(name="exceptions", title="Exceptions", order=62, build=build, sheet="Exceptions", starts_page=False)
