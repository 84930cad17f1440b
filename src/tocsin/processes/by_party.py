"""What of a Business Process's figures by SEC Party may be shown, and how the rest is named without naming a party (decision 0007)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tocsin.measuring.anonymity import PARTY_CODE, nameless
from tocsin.measuring.figures import Figure, Making, suppressed
from tocsin.measuring.measure import Indicator
from tocsin.measuring.suppression import NotShown, PartyTable, Secrecy, not_shown
from tocsin.measuring.tally import Breakdown, Sums
from tocsin.processes.indicators import NESTED, SHARES

_PARTY = PARTY_CODE.column


def kept_back(own: Mapping[Breakdown, Sums], secrecy: Secrecy) -> NotShown:
    """Which rows by party stay unpublished, out of a process's own sums: one table of parties, or their sums alone."""
    cells = {_cell(breakdown): line for breakdown, line in own.items() if len(breakdown) > 1 and names_a_party(breakdown)}
    if not cells:
        cells = {("", breakdown[0][1]): line for breakdown, line in own.items() if names_a_party(breakdown)}
    return not_shown(PartyTable({cell: [line.counters[name] for name in NESTED] for cell, line in cells.items()}, SHARES), secrecy)


def names_a_party(breakdown: Breakdown) -> bool:
    return any(column == _PARTY for column, _ in breakdown)


def is_shown(breakdown: Breakdown, hidden: NotShown) -> bool:
    """Whether a figure of that breakdown may stand."""
    if not names_a_party(breakdown):
        return True
    return not hidden.has_no_totals if len(breakdown) == 1 else _cell(breakdown)[0] not in hidden.rows


def stand_ins(making: Making, indicator: Indicator, not_told: Sequence[Breakdown]) -> Iterator[Figure]:
    """For each row kept back one suppressed figure in place of all its parties': who is in it, and how many, is not told either."""
    for breakdown in dict.fromkeys(map(nameless, not_told)):
        figure = suppressed(making.blank(indicator.name, breakdown, indicator.unit, indicator.counted, indicator.met))
        yield replace(figure, status="incomplete" if making.presence.state == "incomplete" else "stated")


def _cell(breakdown: Breakdown) -> tuple[str, str]:
    """Row and party of a breakdown by both."""
    (row,) = (value for column, value in breakdown if column != _PARTY)
    return row, dict(breakdown)[_PARTY]
