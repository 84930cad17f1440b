"""Floor 5: the Code Performance Measures, one file each. The folder is walked; every predicate is checked when it is."""

import sys
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.engines.kernel import check_predicate
from tocsin.journeys import all_journeys
from tocsin.measuring.measure import Measure
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.shelf import walk


@cache
def all_measures() -> dict[str, Measure]:
    """Every declared measure by name, in order of the report.

    Raises BadDeclaration naming file, rule and word: a journey that is not there, a column it has not, a word no engine shares.
    """
    shelf = walk(sys.modules[__name__], Measure, lambda measure: measure.name)
    for measure in shelf.values():
        check_measure(measure)
    return dict(sorted(shelf.items(), key=lambda item: item[1].order))


def measures_on(on: date, override: Path | None = None) -> dict[str, Measure]:
    """Every measure as its dated tables have it on a day, a workspace's `reference/` folder laid over them."""
    return {name: check_measure(measure.on(on, override)) for name, measure in all_measures().items()}


def check_measure(measure: Measure) -> Measure:
    """The measure itself, its journey, splits and predicates found good. Raises BadDeclaration otherwise."""
    where = f"measures/{measure.name}.py"
    journey = all_journeys().get(measure.of)
    if journey is None:
        raise BadDeclaration(f'{where}: of = "{measure.of}" is no journey; expected one of {", ".join(all_journeys())}.')
    for split in measure.split_by:
        if split not in journey.splits:
            raise BadDeclaration(f'{where}: split_by "{split}" is no split of {journey.name}; expected of {", ".join(journey.splits)}.')
    for rule, declared in (
        ("counted", measure.counted), ("met", measure.met), ("waiting", measure.waiting), ("lacking", measure.lacking)
    ):  # fmt: skip
        if declared is not None:
            check_predicate(declared.predicate, journey.columns, f"{where}: {rule}")
            if declared.amount and (declared.amount, "BIGINT") not in journey.columns:
                raise BadDeclaration(f'{where}: {rule}: amount "{declared.amount}" is no whole number of {journey.name}.')
    return measure
