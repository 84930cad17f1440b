"""A late row costs its day: what it changes, what stands, and what is done where the memory of the close before is not to be had."""

from pathlib import Path

import pytest
from drawn_requests import trail_rows

from late_months import LateMonth
from tocsin.engines import Engine
from tocsin.engines.tables import paths
from tocsin.vocabulary.calendar import parse_instant
from tocsin.vocabulary.instants import DAY_US

DAY_10 = parse_instant("2021-08-10T00:00:00Z") // DAY_US

# Forty requests of as many devices, so that what comes late is little beside them.
MANY = "request | device_id | at | what | cv\n" + "\n".join(
    f"many-{number} | m{number} | {number % 4 - 1:+d}d 0{number % 7}:00:00 | {what} | {'1' if what == 'received' else ''}"
    for number in range(40)
    for what in ("received", "answered")
)


@pytest.fixture
def month(embedded: Engine, tmp_path: Path) -> LateMonth:
    """A month of which many requests stand, seen long after."""
    made = LateMonth(tmp_path, embedded)
    made.deliver("audit_trail", trail_rows(MANY))
    return made


def outcomes(month: LateMonth, request: str) -> list[tuple[str, str, int]]:
    """Flow, outcome and day of the happenings of a request, with the table held to a whole close."""
    month.assert_equal()
    names = [name for name, _ in month.tables["service_requests"].journey.columns]
    key = trail_rows(f"request | at | what\n{request} | 10:00:00 | received")[0]["request_id"]
    found = [dict(zip(names, row, strict=True)) for row in month.kept("service_requests")]
    return sorted((row["flow"], row["outcome"], row["day"] - DAY_10) for row in found if row["request_key"] == key)


def files_by_close(month: LateMonth, table: str) -> tuple[set[str], list[str]]:
    """The journey files of a close after a table came late, which stood before, and what was said."""
    before = set(month.tables["service_requests"].relation.paths)
    month.deliver("audit_trail", trail_rows(table))
    said = month.close()
    return before & set(month.tables["service_requests"].relation.paths), said


def test_a_late_answer_changes_its_day_and_no_other(month: LateMonth) -> None:
    month.deliver("audit_trail", trail_rows("request | at | what | cv\nr | 10:00:00 | received | 1"))
    month.close()
    assert outcomes(month, "r") == [("on_demand", "timeout", 0)]
    before = len(month.tables["service_requests"].relation.paths)
    stood, said = files_by_close(month, "request | at | what | code\nr | 10:00:05 | answered | I0")
    assert outcomes(month, "r") == [("on_demand", "success", 0)]
    assert len(stood) == before - 1
    assert said[-1] == "Service Requests: 1 in place of 1 on 1 days, the other days stand"


def test_a_late_copy_of_a_closed_request_opens_no_second_one(month: LateMonth) -> None:
    rows = "request | at | what | cv | code\nr | 10:00:00 | received | 1 |\nr | 10:00:05 | answered | | I0"
    month.deliver("audit_trail", trail_rows(rows))
    month.close()
    _, said = files_by_close(month, "request | at | what | cv\nr | 10:00:02 | received | 1")
    assert outcomes(month, "r") == [("on_demand", "success", 0)]
    assert "1 in place of 1" in said[-1]


def test_a_row_that_comes_late_may_move_a_request_over_midnight(month: LateMonth) -> None:
    month.deliver("audit_trail", trail_rows("request | at | what | cv\nr | +1d 00:00:01 | received | 1"))
    month.close()
    _, said = files_by_close(month, "request | at | what | cv\nr | 23:59:59 | received | 1")
    assert outcomes(month, "r") == [("on_demand", "timeout", 0)]
    assert "on 2 days" in said[-1]


def test_a_late_cancellation_withdraws_what_another_day_counts(month: LateMonth) -> None:
    held = "request | device_id | user_id | at | what | cv | for\nr | d9 | U-1 | 10:00:00 | received | 1 | 2021-08-14T00:00:00Z"
    month.deliver("audit_trail", trail_rows(held))
    month.close()
    assert outcomes(month, "r") == [("future_dsp", "timeout", 4)]
    files_by_close(
        month,
        "request | device_id | user_id | at | what | cv | for | code\n"
        "c | d9 | U-1 | +1d 10:00:00 | received | 1 | 3000-12-31T00:00:00Z |\n"
        "c | d9 | U-1 | +1d 10:00:01 | answered | | | I0",
    )
    assert outcomes(month, "r") == []
    assert outcomes(month, "c") == [("cancellation", "success", 1)]


def test_a_final_that_lacks_rows_of_its_initial_takes_them_away(month: LateMonth) -> None:
    rows = trail_rows(
        "request | at | what | cv | code\nr | 10:00:00 | received | 1 |\nr | 10:00:05 | answered | | I0\ns | 11:00:00 | received | 1 |"
    )
    initial = month.deliver("audit_trail", rows)
    month.close()
    month.supersede(initial, rows[:1])
    month.close()
    assert outcomes(month, "r") == [("on_demand", "timeout", 0)]
    assert outcomes(month, "s") == []


def test_time_alone_turns_open_requests_into_others(month: LateMonth) -> None:
    month.as_at = parse_instant("2021-08-10T10:00:10Z")
    month.deliver("audit_trail", trail_rows("request | at | what | cv\nr | 10:00:00 | received | 1"))
    month.close()
    assert outcomes(month, "r") == [("on_demand", "open", 0)]
    month.as_at = parse_instant("2021-09-14T00:00:00Z")
    month.close()
    assert outcomes(month, "r") == [("on_demand", "timeout", 0)]


def test_what_rests_on_the_same_stands_without_any_work(month: LateMonth) -> None:
    month.close()
    first = month.tables["service_requests"].version
    assert month.close() == ["Service Requests: as they stand, nothing they rest on has changed"]
    assert month.tables["service_requests"].version == first


def test_a_version_that_a_run_counted_can_be_read_after_late_rows(month: LateMonth) -> None:
    month.close()
    first = month.tables["service_requests"]
    kept = month.kept("service_requests")
    files_by_close(month, "request | at | what | cv\nr | 10:00:00 | received | 1")
    assert len(month.kept("service_requests")) == len(kept) + 1
    assert paths(first.table, first.version) == first.relation.paths
    month.tables["service_requests"] = first
    assert month.kept("service_requests") == kept


@pytest.mark.parametrize("harm", ["memory lost", "memory torn", "table replaced since", "file lost"])
def test_without_a_memory_that_fits_the_whole_is_worked_out(month: LateMonth, harm: str) -> None:
    month.close()
    table = month.tables["service_requests"]
    memory = table.table / "_rests_on.json"
    if harm == "memory lost":
        memory.unlink()
    elif harm == "memory torn":
        memory.write_text(memory.read_text()[:40])
    elif harm == "table replaced since":
        # A close that died before it could remember: the table has another version.
        before = memory.read_bytes()
        files_by_close(month, "request | at | what | cv\nr | 10:00:00 | received | 1")
        memory.write_bytes(before)
    else:
        Path(table.relation.paths[0]).unlink()
    _, said = files_by_close(month, "request | at | what | cv\ns | 10:00:00 | received | 1")
    assert said == ["Service Requests: from all rows that stand"]
    assert outcomes(month, "s") == [("on_demand", "timeout", 0)]


def test_much_that_changes_is_worked_out_whole(month: LateMonth) -> None:
    month.close()
    _, said = files_by_close(month, MANY)
    assert said[-1] == "Service Requests: from all rows that stand"
    assert "more than a third of audit_trail came or went" in said[0]


def test_another_party_list_concerns_every_request(month: LateMonth) -> None:
    month.close()
    month.deliver("party_list", [{"user_id": "U-1", "sec_party": "Alpha", "user_role": None}])
    assert "party_list changed, which may concern every one of them" in month.close()[0]
    month.assert_equal()
