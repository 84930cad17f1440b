"""Commentary of the Service Providers on their reported levels, as they sent it (CR1430 [C] and [D])."""

from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Status, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_words import CommentLine
from tocsin.reports.section import Section
from tocsin.reports.wording import instant_figures, measure_label, spoken, value_title
from tocsin.vocabulary.provider_reports import NO_MEASURE

# What an XLSX cell holds at most; a longer text is parted, never cut.
_CELL = 32_000


def build(run: FrozenRun) -> list[Block]:
    return [*_sent(run), *_asked(run)]


def _asked(run: FrozenRun) -> list[Block]:
    """What was asked for, where anything was: with its answer, or that there is none and since when it is due."""
    if not run.asked:
        return []
    rows = tuple(
        (line.name, value_title(run, "service_provider", line.of), line.on, line.question, Status(line.state), instant_figures(line.due_at),
         line.answer or "none yet")
        for line in run.asked
    )  # fmt: skip
    columns = (
        Column("Request"), Column("Of"), Column("On", share=2), Column("Question", share=4), Column("Answer is", "status"),
        Column("Due before, UTC"), Column("Answer", share=5),
    )  # fmt: skip
    return [Heading("Asked for"), Table("Commentary that was asked for", columns, rows, "None was asked for.")]


def _sent(run: FrozenRun) -> list[Block]:
    words = run.provider_words
    if words.why:
        return [Note(words.why)]
    if not words.reporting:
        return [Note("No commentary: no Service Provider reported a level of the period.")]
    senders = list(dict.fromkeys(line.service_provider for line in words.comments))
    silent = [value_title(run, "service_provider", code) for code in words.reporting if code not in senders]
    about = Prose(
        "Service Providers comment on events that affected their levels, on request within two Working Days of it. What follows is "
        "printed as it was sent, beside the level it is of; the report takes no number out of it."
    )
    if not senders:
        return [about, Note(f"None was sent by any of the Service Providers that reported ({len(silent)}).")]
    without = [Note(f"Reported without commentary: {', '.join(silent)}.")] if silent else []
    rows = tuple(row for line in words.comments for row in _rows(run, line))
    columns = (
        Column("Service Provider", share=2), Column("Measure", share=4), Column("In"), Column("CSP Region"), Column("Report"),
        Column("Commentary", share=6),
    )  # fmt: skip
    return [about, *without, Table("Commentary by Service Provider and measure", columns, rows, "None was sent.")]


def _rows(run: FrozenRun, line: CommentLine) -> list[tuple[Cell, ...]]:
    parts = [line.text[start : start + _CELL] for start in range(0, len(line.text), _CELL)] or [line.text]
    where = (
        value_title(run, "service_provider", line.service_provider), value_title(run, "measure_ref", line.measure_ref),
        measure_label(line.cpm) if line.cpm != NO_MEASURE else "no measure", value_title(run, "region", line.region),
        spoken(line.report).replace("Esi ", "ESI-"),
    )  # fmt: skip
    return [(*where, part) for part in parts]


COMMENTARY = Section(
    name="commentary", title="Commentary of the Service Providers", order=63, build=build, sheet="Commentary", starts_page=False
)
