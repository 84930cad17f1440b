"""What is kept back of SEC Parties cannot be worked out from what is published (domain.md 6.5, decision 0007): attacks on drawn tables."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attacker import TOLD_BY, Attacker, Numbers
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.anonymity import NOT_SHOWN, company_of, is_telling
from tocsin.measuring.figures import Figure
from tocsin.measuring.ladder import PUBLISHED_PER_MILLE, Percentiles
from tocsin.measuring.measure import Indicator
from tocsin.measuring.presence import Presence
from tocsin.measuring.suppression import NotShown
from tocsin.measuring.tally import Sums, counters
from tocsin.processes import all_processes, by_party
from tocsin.processes.business_process import process_figures
from tocsin.vocabulary.holes import UNKNOWN

METER_READS = all_processes()["meter_reads"]
ROWS = ("4.1.1", "4.6.1", "4.8.1", "4.8.2", "5.1")
PARTIES = ("P000001", "P000002", "P000003", "P000004", "U000005", "U000006", UNKNOWN)
PROTECTION = 10

Table = Mapping[tuple[str, str], Numbers]


def figures_of(table: Table) -> list[Figure]:
    """Everything that is published of Meter Reads with these numbers in its cells."""
    indicators: list[Indicator] = list(METER_READS.declared)
    names = [counter.name for indicator in indicators for counter in counters(indicator)]

    def sums(of: list[Numbers]) -> dict[str, int]:
        told = dict(zip((f"{indicator}_{field}" for indicator, field in TOLD_BY), map(sum, zip(*of, strict=True)), strict=True))
        # Nothing is rejected in these tables.
        told["success_rate_with_rejects_counted"] = told["success_rate_counted"]
        spans = told["round_trip_p50_counted"]
        return {name: told.get(name, spans if name.startswith("round_trip") else 0) for name in names}

    lines, spans = [], []
    for by in METER_READS.groupings:
        of: dict[tuple[tuple[str, str], ...], list[Numbers]] = {}
        for (row, party), numbers in table.items():
            known = {"srv": row, "party_code": party, "business_process": "MRD", "region": "north", "device_type": "ESME"}
            of.setdefault(tuple((column, known[column]) for column in by), []).append(numbers)
        for breakdown, found in of.items():
            lines.append(Sums(breakdown, sums(found)))
            if timed := lines[-1].counters["round_trip_p50_counted"]:
                spans.append(Percentiles(breakdown, timed, dict.fromkeys(PUBLISHED_PER_MILLE, 7)))
    return process_figures(METER_READS, SERVICE_REQUESTS, lines, spans, Presence(30, 30))


def cell(draw: st.DrawFn, most: int) -> Numbers:
    numbers = [draw(st.one_of(st.just(0), st.integers(1, 3), st.integers(1, most)))]
    for _ in range(5):
        numbers.append(max(0, numbers[-1] - draw(st.sampled_from((0, 0, 0, 1, 2, most)))))
    return tuple(numbers)


@st.composite
def tables(draw: st.DrawFn, rows: int = 5, parties: int = 7, most: int = 400) -> Table:
    """Rows that few use and rows that many use, parties of all sizes, unlisted and unknown ones among them."""
    of_rows, of_parties = ROWS[: draw(st.integers(1, rows))], PARTIES[-draw(st.integers(1, parties)) :]
    drawn = {(row, party): cell(draw, most) for row in of_rows for party in of_parties}
    return {place: numbers for place, numbers in drawn.items() if numbers[0]}


def telling(table: Table) -> list[tuple[str, str]]:
    """The cells that tell whose they are."""
    volumes: dict[str, dict[str, int]] = {}
    for (row, party), numbers in table.items():
        volumes.setdefault(row, {})[party] = numbers[0]
    return [(row, party) for row, party in table if company_of(party) and is_telling(volumes[row])]


def learnt(attacker: Attacker, table: Table) -> list[str]:
    """The numbers of telling cells that the attacker knows, or knows too well."""
    found = []
    bounds = attacker.bounds()
    for row, party in telling(table):
        if (row, party) in attacker.cells:
            found.append(f"{row} {party} is shown")
        if company_of(party) == company_of(attacker.party or UNKNOWN) or (row, party) not in bounds:
            continue
        for n, number in enumerate(table[row, party]):
            low, high = bounds[row, party][n]
            assert low <= number <= high, "the attacker is mistaken: the test would say little"
            if number and (low == high or 100 * (high - low) < PROTECTION * number):
                found.append(f"{row} {party} {' '.join(TOLD_BY[n])}: {low} to {high}, in truth {number}")
    return found


def insiders(figures: list[Figure], table: Table) -> list[Attacker]:
    """Every party that knows its own numbers; of those that the list does not have, one at a time."""
    parties = {party for _, party in table if company_of(party)}
    return [Attacker(figures, {row: numbers for (row, of), numbers in table.items() if of == party}, party) for party in sorted(parties)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_no_reader_works_out_a_telling_cell(table: Table) -> None:
    """By bounds narrowed until nothing gives: neither from outside, nor as a SEC Party that takes its own numbers out."""
    figures = figures_of(table)
    for attacker in (Attacker(figures), *insiders(figures, table)):
        assert learnt(attacker, table) == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(rows=3, parties=3, most=4))
def test_every_table_that_fits_leaves_telling_cells_open(table: Table) -> None:
    """By trying: of tiny tables all that agree with the figures are written down, and differ in every telling cell."""
    attacker = Attacker(figures_of(table))
    for n in range(6):
        fitting = list(attacker.every_table(n))
        for place in telling(table):
            if fitting and place in fitting[0] and table[place][n]:
                assert len({one[place] for one in fitting}) > 1, (place, TOLD_BY[n])


@settings(max_examples=100, deadline=None)
@given(tables())
def test_what_is_kept_back_has_no_names_marks_or_statuses(table: Table) -> None:
    """Not even who is in a row kept back, how many, whether any is small or waits: every one looks like any other."""
    figures = figures_of(table)
    hidden = [figure for figure in figures if "suppressed" in figure.marks]
    rows = {dict(figure.breakdown).get("srv") for figure in hidden}
    for figure in hidden:
        assert dict(figure.breakdown)["party_code"] == NOT_SHOWN
        assert (figure.marks, figure.status, figure.shown) == (("suppressed",), "stated", "suppressed")
        assert (figure.counted, figure.met, figure.value) == (None, None, None)
    named = [dict(figure.breakdown) for figure in figures if figure not in hidden and "party_code" in dict(figure.breakdown)]
    assert not [breakdown for breakdown in named if breakdown.get("srv") in rows]
    assert len({figure.name for figure in figures}) == len(figures)


# Two parties use 5.1, many use the rest: with 5.1 alone kept back, each party's sum less what is shown of it is its number there.
FEW_AND_MANY = {
    ("5.1", "P000001"): (7, 7, 6, 6, 6, 5),
    ("5.1", "P000002"): (3, 3, 3, 3, 3, 3),
    **{("4.8.1", party): (100, 99, 98, 98, 98, 90) for party in PARTIES[:4]},
    **{("4.6.1", party): (40, 39, 38, 38, 38, 30) for party in PARTIES[:4]},
}


def test_without_complements_the_attacks_succeed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise their failing would say little: were only the telling row kept back, both would find its cells out."""
    monkeypatch.setattr(by_party, "not_shown", lambda table, secrecy: NotShown(frozenset({"5.1"}), False))
    attacker = Attacker(figures_of(FEW_AND_MANY))
    assert len(learnt(attacker, FEW_AND_MANY)) == 12
    assert [one["5.1", "P000001"] for one in attacker.every_table(0)] == [7]


def test_without_the_sums_kept_back_a_party_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that two parties use: were their sums told, so would be the cells."""
    table = {("5.1", "P000001"): (7, 7, 6, 6, 6, 5), ("5.1", "P000002"): (3, 3, 3, 3, 3, 3)}
    assert learnt(Attacker(figures_of(table)), table) == []
    monkeypatch.setattr(by_party, "not_shown", lambda table, secrecy: NotShown(frozenset({"5.1"}), False))
    assert learnt(Attacker(figures_of(table)), table)


def test_with_complements_they_fail() -> None:
    figures = figures_of(FEW_AND_MANY)
    assert {dict(figure.breakdown)["srv"] for figure in figures if "suppressed" in figure.marks} == {"5.1", "4.6.1"}
    assert learnt(Attacker(figures), FEW_AND_MANY) == []
    assert next(figure for figure in figures if figure.name == "meter_reads.volume/srv=4.8.1/party_code=P000001").counted == 100
