"""docs/methodology/areas.md: each reporting area of MP122 beside the Code Performance Measures, its indicators as they are asked."""

from collections.abc import Iterable

from tools.documents.page import code, codes, page, table

from tocsin.areas import all_areas
from tocsin.journeys import all_journeys
from tocsin.measuring.measure import Area, Indicator, Rule
from tocsin.reports.wording import SOURCES


def areas() -> str:
    return page(
        "Reporting areas",
        "An area is a set of indicators over one kind of journey, told for each of its groupings. An indicator carries no service level: "
        "it is stated. What a row of each journey says stands on [the journeys' page](journeys.md).",
        "Where a figure comes from is said beside it: *Service Provider feed*, what Service Providers send for the purpose, or *TOC "
        "proxy*, what the TOC works out from data it already holds. Where both are there the report shows both, and the difference.",
        table(
            ("area", "counts", "source", "beside it"),
            [(f"[{a.title}](#{anchor(a.title)})", all_journeys()[a.of].title, SOURCES[a.source], _beside(a)) for a in all_areas().values()],
        ),
        *(_area(area) for area in all_areas().values()),
    )


def anchor(heading: str) -> str:
    """The name of a heading in a link: as the common Markdown readers make it."""
    return "".join(letter for letter in heading.lower().replace(" ", "-") if letter.isalnum() or letter in "-_")


def indicator_rows(indicators: Iterable[Indicator]) -> list[tuple[str, ...]]:
    """Rows of (indicator, name, unit, counted, met, in neither number)."""
    return [
        (i.title, code(i.name), _unit(i), rule_words(i.counted), rule_words(i.met), " ".join(_aside(i))) for i in indicators
    ]  # fmt: skip


def rule_words(rule: Rule | None) -> str:
    """The sentence, the predicate, and what is added up in place of rows."""
    if rule is None:
        return ""
    amount = f", each as many as its {code(rule.amount)}" if rule.amount else ""
    return f"{rule.sentence} {code(rule.predicate)}{amount}"


def _area(area: Area) -> str:
    groupings = [" × ".join(codes([split]) for split in grouping) or "all together" for grouping in area.groupings]
    return "\n\n".join(
        (
            f"## {area.title}",
            f"{area.sentence}",
            f"Figures {code(area.name + '.INDICATOR')}. Counts: {all_journeys()[area.of].title}. Source: {SOURCES[area.source]}. Needs the "
            f"feeds {codes(area.feeds)}. Told for {'; '.join(groupings)}.",
            table(("indicator", "name", "unit", "counted", "met", "in neither number"), indicator_rows(area.indicators)),
        )
    )


def _beside(area: Area) -> str:
    return all_areas()[area.beside].title if area.beside in all_areas() else area.beside


def _unit(indicator: Indicator) -> str:
    return f"{indicator.unit}, at {indicator.per_mille} per mille" if indicator.per_mille is not None else indicator.unit


def _aside(indicator: Indicator) -> list[str]:
    told = []
    if indicator.waiting is not None:
        told.append(f"Waiting: {rule_words(indicator.waiting)}")
    if indicator.lacking is not None:
        told.append(f"Not told, so the figure is incomplete: {rule_words(indicator.lacking)}")
    return told
