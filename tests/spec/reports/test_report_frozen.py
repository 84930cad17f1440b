"""A frozen run comes back as it was written, or is refused; deadlines fall on the days of domain.md 15.1."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tocsin.reports.deadlines import pmr_deadlines
from tocsin.reports.frozen import FrozenRun, from_json, to_json
from tocsin.vocabulary.calendar import Period, WorkingDays
from tocsin.vocabulary.errors import BadDeclaration


def test_a_run_comes_back_as_it_was_written(run: FrozenRun) -> None:
    text = to_json(run)
    again = from_json(text)
    assert again == run
    assert to_json(again) == text


def test_a_value_keeps_every_digit_and_its_places(run: FrozenRun) -> None:
    exact = replace(run.figures[0], value=Decimal("98.99964112699999999999999999"))
    again = from_json(to_json(replace(run, figures=(exact,)))).figures[0]
    assert str(again.value) == "98.99964112699999999999999999"
    assert str(from_json(to_json(run)).figures[1].value) == "99.50"


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('"as_at": 1632499200000000', '"as_at": "now"', "as_at"),
        ('"as_at": 1632499200000000', '"as_at": 1632499200000000.5', "as_at"),
        ('"is_complete": false', '"is_complete": "no"', "is_complete"),
        ('"run_id"', '"id"', "run_id"),
    ],
)
def test_a_changed_file_is_refused_by_place(run: FrozenRun, was: str, now: str, told: str) -> None:
    text = to_json(run)
    assert was in text
    with pytest.raises(BadDeclaration, match=f"runs/x.json: {told}: .*Close the period again"):
        from_json(text.replace(was, now, 1), "runs/x.json")


def test_another_layout_names_the_version_that_made_it(run: FrozenRun) -> None:
    with pytest.raises(BadDeclaration, match=r"layout 2 was found, expected 1. Use the version of tocsin that made it \(1.0.0\)"):
        from_json(to_json(replace(run, layout=2)))


@pytest.mark.parametrize(
    ("label", "profile", "legal", "operative"),
    [
        ("2021-08", "england_and_wales", "2021-09-14", "2021-10-05"),
        ("2021-07", "england_and_wales", "2021-08-13", "2021-09-06"),
        ("2021-07", "with_scotland", "2021-08-16", "2021-09-07"),
        ("2021-12", "england_and_wales", "2022-01-17", "2022-02-07"),
    ],
)
def test_deadlines_fall_on_the_worked_days(label: str, profile: str, legal: str, operative: str) -> None:
    lines = pmr_deadlines(Period.parse(label), WorkingDays(profile))
    assert [(line.name, line.working_day, line.due_on) for line in lines] == [("Legal", 10, legal), ("Operative", 25, operative)]


def test_before_the_code_was_changed_both_dates_were_one() -> None:
    lines = pmr_deadlines(Period.parse("2021-01"), WorkingDays())
    assert [line.working_day for line in lines] == [25, 25]
