"""Floor 5: the reporting areas of MP122 beside the Code Performance Measures, one file each. The folder is walked."""

import sys
from functools import cache

from tocsin.engines.kernel import check_predicate
from tocsin.journeys import all_journeys
from tocsin.measuring.measure import Area, Rule
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.shelf import one_of, walk


@cache
def all_areas() -> dict[str, Area]:
    """Every declared area by name, in order of the report.

    Raises BadDeclaration naming file, rule and word: a journey that is not there, a column it has not, a word no engine shares.
    """
    shelf = walk(sys.modules[__name__], Area, lambda area: area.name)
    for area in shelf.values():
        check_area(area)
    return dict(sorted(shelf.items(), key=lambda item: item[1].order))


def area_named(name: str) -> Area | None:
    """One area without the others, as it is declared; None where there is none of that name. `all_areas` has checked it where it counts."""
    return one_of(sys.modules[__name__], Area, name, lambda area: area.name)


def check_area(area: Area) -> Area:
    """The area itself, its journey, groupings, predicates and amounts found good. Raises BadDeclaration otherwise."""
    where = f"areas/{area.name}.py"
    journey = all_journeys().get(area.of)
    if journey is None:
        raise BadDeclaration(f'{where}: of = "{area.of}" is no journey; expected one of {", ".join(all_journeys())}.')
    for split in {split for by in area.groupings for split in by}:
        if split not in journey.splits:
            raise BadDeclaration(f'{where}: grouping "{split}" is no split of {journey.name}; expected of {", ".join(journey.splits)}.')
    for indicator in area.indicators:
        rules: tuple[Rule | None, ...] = (indicator.counted, indicator.met, indicator.waiting, indicator.lacking)
        for rule in (rule for rule in rules if rule is not None):
            check_predicate(rule.predicate, journey.columns, f"{where}: {indicator.name}")
            if rule.amount and (rule.amount, "BIGINT") not in journey.columns:
                raise BadDeclaration(f'{where}: {indicator.name}: amount "{rule.amount}" is no whole number of {journey.name}.')
    return area
