"""docs/methodology/measures.md: each Code Performance Measure, its sentences beside its predicates."""

from tools.documents.areas import rule_words
from tools.documents.page import codes, page, table

from tocsin.journeys import all_journeys
from tocsin.measures import all_measures
from tocsin.measuring.journey import Journey
from tocsin.measuring.measure import Measure
from tocsin.reports.wording import SOURCES

JUDGED_BY = (
    "All of a month is judged by the levels, targets and other dated rows in force on its first day: one that begins within the month "
    "holds from the next on."
)


def measures() -> str:
    return page(
        "Code Performance Measures",
        "A measure is 100 × met ÷ counted, divided once from whole numbers and judged unrounded. A happening that was set aside is in "
        "neither. Sentence and predicate are declared together; the predicate is the very text that every engine is asked.",
        JUDGED_BY,
        *(_measure(measure, all_journeys()[measure.of]) for measure in all_measures().values()),
    )


def _measure(measure: Measure, journey: Journey) -> str:
    rules = [
        ("Counted", measure.counted),
        ("Met", measure.met),
        ("Waiting, in neither number", measure.waiting),
        ("Not told, so the figure is incomplete", measure.lacking),
    ]
    levels = [(f"{level.target} %", f"{level.minimum} %", level.since, level.status) for level in measure.levels]
    beside = f"; beside it stands {_heading(measure.beside)}" if measure.beside else ""
    combined = f"; the mean and the worst of {' × '.join(codes([s]) for s in measure.split_by)} beside it" if measure.is_combined else ""
    return "\n\n".join(
        (
            f"## {_heading(measure.name)}: {measure.title}",
            f"Clause: {measure.clause}. Counts: {journey.title}. Source: {SOURCES[measure.source]}{beside}. "
            f"Needs the feeds {codes(measure.feeds)}. Split by {codes(measure.split_by)}{combined}.",
            measure.reading,
            table(("rule", "in words, and as asked"), [(name, rule_words(rule)) for name, rule in rules if rule]),
            table(("Target", "Minimum Service Level", "since", "status"), levels) if levels else "No level is known: stated, not judged.",
        )
    )


def _heading(name: str) -> str:
    """cpm_5a as CPM 5A; cpm_1_reported as CPM 1 reported."""
    words = name.split("_")
    return " ".join([word.upper() for word in words[:2]] + words[2:])
