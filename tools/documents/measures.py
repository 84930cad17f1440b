"""docs/methodology/measures.md: each Code Performance Measure, its sentences beside its predicates."""

from tools.documents.page import code, codes, page, table

from tocsin.journeys import all_journeys
from tocsin.measures import all_measures
from tocsin.measuring.journey import Journey
from tocsin.measuring.measure import Measure


def measures() -> str:
    return page(
        "Code Performance Measures",
        "A measure is 100 × met ÷ counted, divided once from whole numbers and judged unrounded. A happening that was set aside is in "
        "neither. Sentence and predicate are declared together; the predicate is the very text that every engine is asked.",
        *(_measure(measure, all_journeys()[measure.of]) for measure in all_measures().values()),
    )


def _measure(measure: Measure, journey: Journey) -> str:
    rules = [("Counted", measure.counted), ("Met", measure.met), ("Waiting, in neither number", measure.waiting)]
    levels = [(f"{level.target} %", f"{level.minimum} %", level.since, level.status) for level in measure.levels]
    combined = f"; the mean and the worst of {' × '.join(codes([s]) for s in measure.split_by)} beside it" if measure.is_combined else ""
    return "\n\n".join(
        (
            f"## {measure.name.upper().replace('_', ' ')}: {measure.title}",
            f"Clause: {measure.clause}. Counts: {journey.title}. Needs the feeds {codes(measure.feeds)}. "
            f"Split by {codes(measure.split_by)}{combined}.",
            measure.reading,
            table(("rule", "in words", "as asked"), [(name, rule.sentence, code(rule.predicate)) for name, rule in rules if rule]),
            table(("Target", "Minimum Service Level", "since", "status"), levels) if levels else "No level is known: stated, not judged.",
        )
    )
