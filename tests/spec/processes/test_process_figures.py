"""Business Processes over a drawn month: totals add up, parties stay hidden, every figure can be counted again."""

from contextlib import contextmanager
from datetime import date

import pytest

from tocsin.engines import Engine, Relation, Session
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.anonymity import PARTY_CODE, PARTY_CODES, party_codes
from tocsin.measuring.figures import Figure
from tocsin.measuring.ladder import PUBLISHED_PER_MILLE, Ladder, read_percentiles
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Tally, counters, tally_sql, with_lookups
from tocsin.processes import all_processes
from tocsin.processes.business_process import PROCESS_OF_SRV, SRV_PROCESSES, process_figures, srv_processes

LOOKUPS = (PROCESS_OF_SRV, PARTY_CODE)
SECRET = b"a secret of sixteen bytes or more"
PARTIES = ("Big & Co", "user:90-B3-D5", "Third party", "UNKNOWN")
PROCESSES = {name: process for name, process in all_processes().items() if process.journey == SERVICE_REQUESTS.name}
INDICATORS = {indicator.name: indicator for process in PROCESSES.values() for indicator in process.declared}
TALLY = Tally(SERVICE_REQUESTS, tuple(counter for indicator in INDICATORS.values() for counter in counters(indicator)))
LADDER = Ladder.of(SERVICE_REQUESTS)
ALL_THERE = Presence(31, 31)


def request(srv="2.2", party="Big & Co", outcome="success", round_trip_us=10_000_000, **more):
    told = {
        "day": 18_840,
        "flow": "on_demand",
        "srv": srv,
        "sec_party": party,
        "device_type": "ESME",
        "region": "north",
        "generation": "SMETS1",
    }
    told |= {"service_provider": "CSPN", "outcome": outcome, "round_trip_us": round_trip_us, "target_response_us": 30_000_000}
    told |= {"set_aside": "", **more}
    return tuple(told.get(name) for name, _ in SERVICE_REQUESTS.columns)


@contextmanager
def month(engine: Engine, rows):
    with engine.session() as session:
        session.add_rows(Relation(SERVICE_REQUESTS.name, SERVICE_REQUESTS.columns), rows)
        session.add_rows(SRV_PROCESSES, srv_processes(date(2021, 8, 1)))
        codes = party_codes([row[4] for row in rows], "2021/22", SECRET)
        session.add_rows(PARTY_CODES, sorted(codes.items()))
        session.add_rows(TALLY.relation(()), session.rows(tally_sql(SERVICE_REQUESTS, TALLY.counters)))
        session.add_rows(LADDER.relation(()), session.rows(LADDER.sql()))
        yield session


def figures_of(session: Session, presence=ALL_THERE) -> dict[str, Figure]:
    groupings = dict.fromkeys(by for process in PROCESSES.values() for by in process.groupings)
    sums = [line for by in groupings for line in TALLY.read(by, session.rows(TALLY.sums_sql(by, LOOKUPS)))]
    places = [
        line for by in groupings for line in read_percentiles(by, PUBLISHED_PER_MILLE, session.rows(LADDER.percentiles_sql(by, LOOKUPS)))
    ]
    found = [
        figure
        for process in PROCESSES.values()
        for figure in process_figures(process, SERVICE_REQUESTS if process.is_fed else None, sums, places, presence)
    ]
    assert len({figure.name for figure in found}) == len(found)
    return {figure.name: figure for figure in found}


# PPM 2.2 of three parties, MRD 4.8.1, an SRV without a home (6.7), one nobody knows, and a row set aside.
ROWS = [
    *(request(party=party, round_trip_us=second * 1_000_000) for party, second in zip(PARTIES[:3], (1, 2, 40), strict=True)),
    request(party="Big & Co", outcome="device_fail", round_trip_us=1),
    request(party="Third party", outcome="user_reject", round_trip_us=1),
    request(party="user:90-B3-D5", outcome="open", round_trip_us=None),
    request(srv="4.8.1", party="UNKNOWN", outcome="timeout", round_trip_us=None),
    request(srv="6.7"),
    request(srv="99.9"),
    request(round_trip_us=-1, set_aside="negative_span"),
]


def test_figures_of_a_process(embedded):
    with month(embedded, ROWS) as session:
        figures = figures_of(session)
    told = {name.partition(".")[2]: figure.shown for name, figure in figures.items() if name.startswith("prepayment.") and "/" not in name}
    assert told == {
        "volume": "6",
        "user_rejects": "1",
        "success_rate": "75.00",
        "success_rate_with_rejects": "60.00",
        "round_trip_p50": "2.0",
        "round_trip_p90": "40.0",
        "round_trip_p95": "40.0",
        "round_trip_p99": "40.0",
        "round_trip_max": "40.0",
        "within_target": "66.67",
    }
    assert "provisional" in figures["prepayment.success_rate"].marks
    assert figures["prepayment.volume/srv=2.2"].counted == 6
    assert figures["meter_reads.success_rate/region=north"].shown == "0.00"
    assert figures["meter_reads.round_trip_p50"].status == "no_events"
    assert figures["change_of_supply.volume"].shown == "0"


def test_totals_reconcile(either_engine):
    """Every happening that is not set aside is in exactly one process; an SRV without a home, or unknown, is under Other."""
    with month(either_engine, ROWS) as session:
        figures = figures_of(session)
    volumes = {name: figure.counted for name, figure in figures.items() if figure.indicator == "volume" and not figure.breakdown}
    assert sum(count or 0 for count in volumes.values()) == 9
    assert volumes["other.volume"] == 2
    assert {figures[f"other.volume/srv={srv}"].counted for srv in ("6.7", "99.9")} == {1}


def test_every_figure_counts_again(embedded):
    """What trace does: the predicate asked of the journeys, with process and party code looked up, counts each figure's number."""
    with month(embedded, ROWS * 3) as session:
        columns = [name for name, _ in SERVICE_REQUESTS.columns]
        journeys = with_lookups(SERVICE_REQUESTS.name, columns, LOOKUPS)
        for figure in figures_of(session).values():
            if figure.counted is not None:
                again = session.rows(f"SELECT count(*) FROM {journeys} WHERE {figure.predicate}")[0][0]
                assert (figure.name, figure.counted) == (figure.name, again)


def test_no_party_is_named(embedded):
    """Clear names are in the journey and the tally, and in nothing that is published: names, breakdowns, predicates."""
    with month(embedded, ROWS) as session:
        figures = figures_of(session)
    published = repr(list(figures.values()))
    assert not any(party in published for party in ("Big & Co", "90-B3-D5", "Third party"))
    by_party = [figure for figure in figures.values() if "party_code" in dict(figure.breakdown)]
    assert {dict(figure.breakdown)["party_code"] for figure in by_party if figure.subject == "prepayment"} == set(
        party_codes(PARTIES[:3], "2021/22", SECRET).values()
    ) - {"UNKNOWN"}
    assert figures["meter_reads.volume/party_code=UNKNOWN"].counted == 1


@pytest.mark.parametrize(
    ("counts", "is_suppressed"),
    [((1, 1, 1), False), ((1, 1, 0), True), ((8, 1, 1), False), ((9, 1, 1), True)],
)
def test_cells_that_would_tell_are_suppressed(embedded, counts, is_suppressed):
    """Fewer than three parties, or one above 80 %: the party-level figures of that process lose their numbers, the totals stay."""
    rows = [request(party=party) for party, count in zip(PARTIES, counts, strict=False) for _ in range(count)]
    with month(embedded, rows) as session:
        figures = figures_of(session)
    by_party = [figure for figure in figures.values() if "party_code" in dict(figure.breakdown)]
    assert by_party
    assert {"suppressed" in figure.marks for figure in by_party} == {is_suppressed}
    assert {figure.counted is None and figure.value is None for figure in by_party} == {is_suppressed}
    assert figures["prepayment.volume"].counted == sum(counts)


def test_a_hole_is_said_and_not_filled(embedded):
    with month(embedded, ROWS) as session:
        nothing, part = figures_of(session, Presence(0, 31)), figures_of(session, Presence(30, 31))
    assert {figure.status for figure in nothing.values()} == {"no_data"}
    assert all("/" not in name for name in nothing)
    assert {figure.value for figure in part.values()} == {None}
    assert (part["prepayment.volume"].status, part["prepayment.volume"].counted) == ("incomplete", 6)
