"""Reported levels, drawn: what stands of initial and final, what is told twice, what cannot be weighed (CR1430; domain.md 2.3, 2.4)."""

from datetime import date
from typing import Any

import pytest

from journey_rows import accepted, add_accepted, drawn, relation
from tocsin.engines import Engine, Relation
from tocsin.engines.kernel import check
from tocsin.feeds.provider_reports import PROVIDER_REPORT_ROWS
from tocsin.journeys.provider_levels import PROVIDER_LEVELS, PROVIDERS, REGION_WORDS, RELEVANT, dated_relations
from tocsin.measuring.journey import DELIVERIES, superseded_rows
from tocsin.vocabulary.calendar import Period

AUGUST = Period.parse("2021-08")
NAMES = [name for name, _ in PROVIDER_LEVELS.columns]
SUPERSEDED = Relation(superseded_rows("provider_reports"), relation(PROVIDER_REPORT_ROWS).columns)
# delivery: sender, month covered, submission, whether it was superseded.
FILES = {
    1: ("DSP", "2021-08", "initial", True),
    2: ("DSP", "2021-08", "final", False),
    3: ("CSPN", "2021-08", "initial", False),
    4: ("CSPCS", "2021-08", "final", False),
    5: ("S1SP-8", "2021-08", "final", False),
    6: ("CSPN", "2021-07", "final", False),
    7: ("CSPN", "", "final", False),
}


def ask(engine: Engine, table: str, period: Period = AUGUST) -> list[dict[str, Any]]:
    """Lines of reports -> happenings of August 2021, in order of delivery and line; those of no line last."""
    rows = drawn("\n".join(f"| {line} |" for line in table.strip().splitlines()))
    told = {number: [row for row in rows if row["file"] == str(number)] for number in FILES}
    with engine.session() as session:
        stored = {
            number: accepted(PROVIDER_REPORT_ROWS, ({k: v for k, v in row.items() if k not in ("", "file")} for row in of), number)
            for number, of in told.items()
        }
        add_accepted(session, PROVIDER_REPORT_ROWS, [row for number, of in stored.items() if not FILES[number][3] for row in of])
        old = [row for number, of in stored.items() if FILES[number][3] for row in of]
        session.add_rows(SUPERSEDED, [tuple(row[name] for name, _ in SUPERSEDED.columns) for row in old])
        session.add_rows(DELIVERIES, [_delivery(number) for number in FILES])
        for table_of, cells in dated_relations(date(2021, 8, 1)):
            session.add_rows(table_of, cells)
        at = {"start_at": period.start_at, "end_at": period.end_at, "as_at": period.end_at + 1}
        found = [dict(zip(NAMES, row, strict=True)) for row in session.rows(PROVIDER_LEVELS.sql, at)]
    return sorted(found, key=lambda row: (row["delivery_no"] is None, row["delivery_no"] or 0, row["line"] or 0, row["measure_ref"]))


def _delivery(number: int) -> tuple[Any, ...]:
    sender, month, submission, _ = FILES[number]
    period = Period.parse(month) if month else None
    covers = (period.start_at, period.end_at) if period else (None, None)
    # The later its number, the earlier it was received: a final stands though an initial of another sender came after it.
    return (number, sender, *covers, submission, AUGUST.end_at + 100 - number)


def told(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """The cells of rows that a line tells: what was left out of a report is another test's matter."""
    return [tuple(row[name] for name in names) for row in rows if row["told"] != "nothing"]


def test_the_sql_stays_in_the_kernel():
    tables = {one.name: one.columns for one in (relation(PROVIDER_REPORT_ROWS), SUPERSEDED, DELIVERIES, RELEVANT, PROVIDERS, REGION_WORDS)}
    check(PROVIDER_LEVELS.sql, tables, "journeys/provider_levels.py", {"start_at", "end_at", "as_at"})
    assert set(tables) == set(PROVIDER_LEVELS.reads)


def test_a_final_stands_and_its_initial_is_beside_it(either_engine):
    found = ask(
        either_engine,
        """
        file | report  | measure_ref | counted | met
        1    | esi_101 | 1.1         | 90      | 80
        1    | esi_101 | 1.4         | 10      | 10
        2    | esi_101 | 1.1         | 100     | 85
        2    | esi_101 | 1.4         | 10      | 10
        3    | esi_101 | 4.3         | 50      | 49
        """,
    )
    assert told(found, "service_provider", "region", "cpm", "measure_ref", "counted", "met", "submission", "initial_counted", "initial_met",
                "is_changed") == [
        ("DSP", "all", "cpm_1", "1.1", 100, 85, "final", 90, 80, True),
        ("DSP", "all", "cpm_1", "1.4", 10, 10, "final", 10, 10, False),
        ("CSPN", "north", "cpm_1", "4.3", 50, 49, "initial", None, None, False),
    ]  # fmt: skip


def test_a_line_of_another_month_is_not_this_months(either_engine):
    """The file of July is July's; a file of no month goes by what the row says; a row that contradicts its file is set aside."""
    found = ask(
        either_engine,
        """
        file | report  | measure_ref | counted | met | month_start_at
        6    | esi_101 | 4.3         | 50      | 49  |
        7    | esi_101 | 2           | 10      | 9   | 2021-08-01T00:00:00Z
        7    | esi_102 | 4.1         | 20      | 19  | 2021-07-01T00:00:00Z
        3    | esi_101 | 4.3         | 51      | 50  | 2021-07-31T23:00:00Z
        3    | esi_102 | 4.2         | 52      | 51  | 2021-07-01T00:00:00Z
        """,
    )
    assert told(found, "measure_ref", "counted", "set_aside") == [("4.3", 51, ""), ("4.2", 52, "another_month"), ("2", 10, "")]


def test_what_is_told_twice_counts_once(either_engine):
    """A line that another report repeats; two deliveries of one line; a sum beside its regions. Other counts are contradicted."""
    found = ask(
        either_engine,
        """
        file | report  | measure_ref | counted | met | service_provider | region
        2    | esi_101 | 1.1         | 100     | 85  |                  |
        2    | monthly | 1.1         | 100     | 85  |                  |
        2    | esi_101 | 1.4         | 10      | 9   |                  |
        2    | monthly | 1.4         | 10      | 8   |                  |
        3    | esi_101 | 4.3         | 50      | 49  |                  |
        4    | esi_101 | 4.3         | 51      | 49  | CSPN             |
        4    | esi_102 | 4.1         | 30      | 29  | CSPC             |
        4    | esi_102 | 4.1         | 20      | 19  | CSPC             | central
        4    | esi_102 | 4.1         | 10      | 10  | CSPC             | south
        """,
    )
    assert told(found, "report", "measure_ref", "region", "counted", "set_aside", "is_contradicted") == [
        ("esi_101", "1.1", "all", 100, "", False),
        ("monthly", "1.1", "all", 100, "in_another_report", False),
        ("esi_101", "1.4", "all", 10, "", True),
        ("monthly", "1.4", "all", 10, "in_another_report", True),
        # A final tells it too: that one stands.
        ("esi_101", "4.3", "north", 50, "told_again", False),
        ("esi_101", "4.3", "north", 51, "", False),
        ("esi_102", "4.1", "central", 30, "sum_of_regions", False),
        ("esi_102", "4.1", "central", 20, "", False),
        ("esi_102", "4.1", "south", 10, "", False),
    ]


def test_what_cannot_be_weighed_is_said(either_engine):
    """A percentage alone; relevant measures left out by who reports; an unknown measure and an unknown Service Provider are kept."""
    found = ask(
        either_engine,
        """
        file | report  | measure_ref  | counted | met | percent_hundredths | service_provider
        5    | esi_101 | s1_on_demand |         |     | 9760               |
        5    | monthly | cleanliness  | 5       | 5   |                    | 4G-1
        """,
    )
    assert [(row["measure_ref"], row["service_provider"], row["region"], row["cpm"], row["told"], row["submission"]) for row in found] == [
        ("s1_on_demand", "S1SP-8", "smets1", "cpm_1", "percentage", "final"),
        ("cleanliness", "4G-1", "UNKNOWN", "none", "counts", "final"),
        ("s1_alerts", "S1SP-8", "smets1", "cpm_3", "nothing", "none"),
        ("s1_future_dated", "S1SP-8", "smets1", "cpm_2", "nothing", "none"),
    ]


@pytest.mark.parametrize(
    ("met", "percent", "is_off"),
    [(9, 9000, False), (2, 6666, False), (2, 6667, False), (2, 6668, True), (2, 6665, True), (0, 0, False), (0, 1, True)],
)
def test_a_percentage_that_is_not_of_its_counts(embedded, met, percent, is_off):
    counted = 3 if met in (0, 2) else 10
    found = ask(
        embedded,
        f"""
        file | report  | measure_ref | counted   | met   | percent_hundredths
        2    | esi_101 | 1.1         | {counted} | {met} | {percent}
        """,
    )
    assert told(found, "is_percentage_off", "counted") == [(is_off, counted)]
