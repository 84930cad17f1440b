"""Incident and outage files of the simulated estate down the whole road: taken in, closed, and every figure is the truth's."""

import csv
import shutil
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from desk_road import Desk, tocsin
from tocsin.estate.events.incidents import EXTRACT, LOG, SENDER, expected_incidents, post_incidents
from tocsin.estate.events.outage_file import expected_outages, post_outages
from tocsin.estate.events.outages import outages
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.outbox import Outbox
from tocsin.estate.plan import Plan
from tocsin.vocabulary.calendar import Period, moment, parse_instant

SHAPES = Path(__file__).parents[3] / "src/tocsin/estate/senders/shapes"
SUBJECTS = {"cpm_4", "cpm_5", "cpm_5a", "incidents"}


class Month:
    """A plan's incident and outage files, taken in as they arrived and closed as at its end."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.truth = plan, folder / "truth"
        assert tocsin("init", folder / "w").code == 0
        self.desk = Desk(folder / "w")
        for name in ("aside", "truth"):
            (folder / name).mkdir()
        outbox = Outbox(plan, Fates(plan), self.desk.incoming)
        for post in (post_incidents, post_outages):
            post(plan, None, outbox, folder / "aside").write(self.truth)
        outbox.close(self.truth)
        for shape in ("dsp_incident_log", "dsp_incidents", "dsp_outages"):
            shutil.copy(SHAPES / f"{shape}.toml", self.desk.root / "shapes")
        owed = [*expected_incidents(plan), *expected_outages(plan)]
        self.desk.settings("".join(f"[[expected]]\n{''.join(_setting(*item) for item in one.items())}" for one in owed))
        self.receipts = self.desk("take-in", "--arrivals", self.truth / "arrivals.csv", "--format", "json").rows
        self.desk.close(plan.period.label, f"{moment(plan.until_at):%Y-%m-%dT%H:%M:%SZ}")

    def told(self, name: str) -> list[dict[str, str]]:
        with (self.truth / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def _setting(name: str, value: object) -> str:
    return f"{name} = {value}\n" if name in {"since", "until"} else f'{name} = "{value}"\n'


def plan_of(seed: int, faults: str, month: str, until: str = "") -> Plan:
    period = Period.parse(month)
    return Plan(period, Fraction(1, 2000), seed, parse_instant(until) if until else Plan.settled_at(period), fault_profile(faults))


@pytest.fixture(
    scope="module",
    params=[(1, "usual", "2021-09"), (2, "hard", "2021-10"), (3, "hard", "2021-09", "2021-09-12T06:00:00Z")],
    ids=["usual", "hard-clock-change", "hard-to-the-twelfth"],
)
def month(request, tmp_path_factory):
    return Month(plan_of(*request.param), tmp_path_factory.mktemp("month"))


def test_every_figure_is_the_truths(month):
    figures = [figure for figure in month.desk.figures(month.plan.period.label).values() if figure["subject"] in SUBJECTS]
    told = {row["name"]: (_whole(row["counted"]), _whole(row["met"])) for row in month.told("incident_figures.csv")}
    assert {figure["name"]: (figure["counted"], figure["met"]) for figure in figures} == told
    is_whole = month.plan.faults.name == "usual"
    assert {figure["status"] for figure in figures} & {"incomplete"} == (set() if is_whole else {"incomplete"})


def test_every_line_is_accepted(month):
    """The only refused files are those whose fate it was, and no row is refused or found twice."""
    fates = {row["file"]: row["result"] for row in month.told("deliveries.csv")}
    assert {"accepted", "refused"} <= set(fates.values()) or month.plan.until_at < month.plan.period.end_at
    assert sorted(row["result"] for row in month.receipts) == sorted(fates.values())
    assert not [row for row in month.receipts if row["refused"] or row["duplicates"] or (row["result"] == "accepted" and row["note"])]
    rows = sum(int(row["rows"]) for row in month.told("deliveries.csv"))
    assert sum(row["accepted"] for row in month.receipts) == rows


def test_outages_as_they_were_drawn(month):
    """The accepted rows are the drawn outages."""
    accepted = [row for row in month.receipts if row["feed"] == "outages" and row["result"] == "accepted"]
    assert bool(accepted) == (month.told("outages.csv")[0]["is_delivered"] == "yes")
    for row in accepted[:1]:
        drawn = sorted((asdict(outage) for outage in outages(month.plan)), key=lambda outage: outage["outage_id"])
        file = month.desk.root / "store" / "deliveries" / row["delivery"] / "accepted.parquet"
        found = duckdb.sql(f"SELECT {', '.join(drawn[0])} FROM read_parquet('{file}') ORDER BY outage_id").fetchall()
        assert found == [tuple(outage.values()) for outage in drawn]


def test_the_same_plan_gives_the_same_bytes(month, tmp_path):
    again = Outbox(month.plan, Fates(month.plan), tmp_path)
    (tmp_path / "aside").mkdir()
    post_incidents(month.plan, None, again, tmp_path / "aside")
    post_outages(month.plan, None, again, tmp_path / "aside")
    first, second = ({file.relative_to(of): file.read_bytes() for file in of.rglob("*.*")} for of in (month.desk.incoming, tmp_path))
    assert first == second


def test_both_feeds_are_owed_every_day():
    plan = plan_of(1, "none", "2021-09")
    owed = expected_incidents(plan)
    assert {(one["feed"], one["sender"], one["every"]) for one in owed} == {(LOG, SENDER, "day"), (EXTRACT, SENDER, "day")}


def _whole(text: str) -> int | None:
    return int(text) if text else None
