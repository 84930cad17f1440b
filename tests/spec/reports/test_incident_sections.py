"""The three sections on Incidents beside the cube: what they say with everything there, with nothing there, and before a Working Day."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from frozen_run import FOREIGN, HOSTILE, figure
from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Note, Status, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_incidents import ChangeLine, IncidentLines, LookLine, OutageLine, RegradeLine
from tocsin.reports.sections import incident_days, incident_regrades, outage_incidents

Build = Callable[[FrozenRun], list[Block]]
LOOKS = (LookLine(1, 1_630_537_199_999_999, 60, 62, "incomplete"), LookLine(2, 1_630_623_599_999_999, 62, 62, "complete"))


def tables(build: Build, run: FrozenRun) -> dict[str, Table]:
    return {block.caption: block for block in build(run) if isinstance(block, Table)}


def days() -> list[Figure]:
    """Category 2 of a group with a hostile name: one of two met on Working Day 2, files missing on Working Day 1."""
    found = []
    for subject, place, status in (
        ("incident_days", (("working_day", "1"),), "incomplete"),
        ("incident_days", (("working_day", "2"),), "stated"),
        ("incidents", (), "stated"),
    ):
        for clock, met in (("resolution", 1), ("initial_response", 2)):
            for cell in ((), (("category", "2"),), (("category", "2"), ("resolver_group", HOSTILE))):
                where = (*place, ("clock", clock), *cell)
                found.append(figure(subject, "within_target", where, shown="50.00", counted=2, met=met, status=status))
            found.append(figure(subject, "judged_otherwise", (*place, ("clock", clock)), shown="1", counted=1, unit="count"))
    return found


@pytest.fixture
def told(run: FrozenRun) -> FrozenRun:
    lines = IncidentLines(
        looks=LOOKS,
        changes=(
            ChangeLine(1, 2, "resolution", 2, HOSTILE, "missed", 3, FOREIGN, "met", 1),
            ChangeLine(2, 0, "resolution", 0, "", "absent", 0, "DSP", "no_target", 3),
        ),
        regrades=(RegradeLine(HOSTILE, "resolution", 1_630_000_000_000_000, 2, 3, -60, FOREIGN),),
        regrade_count=201,
        outages=(OutageLine("O2", "ssi", 1_630_000_000_000_000, None, "", "none"),),
        outage_count=1,
    )
    figures = [
        *days(),
        figure("incident_regrades", "near_breach", (("clock", "resolution"),), shown="201", counted=201, unit="count"),
        figure("outage_incidents", "without_incident", shown="1", counted=1, unit="count"),
    ]
    return replace(run, figures=(*run.figures, *figures), incidents=lines)


@pytest.mark.parametrize("build", [incident_days.build, incident_regrades.build, outage_incidents.build])
def test_nothing_came_and_one_note_says_so(run: FrozenRun, build: Build) -> None:
    absent = [figure(name, "x", status="no_data") for name in ("incident_regrades", "outage_incidents")]
    looks = IncidentLines(looks=(replace(LOOKS[0], state="no_data"),))
    blocks = build(replace(run, figures=tuple(absent), incidents=looks, incident_cube=()))
    assert [type(block) for block in blocks] == [Note]
    assert isinstance(blocks[0], Note) and blocks[0].text.startswith("No data: ")


def test_before_the_first_working_day_has_ended(run: FrozenRun) -> None:
    (note,) = incident_days.build(run)
    assert isinstance(note, Note) and "no Working Day" in note.text


def test_each_working_day_says_what_had_come_and_hides_no_hole(told: FrozenRun) -> None:
    found = tables(incident_days.build, told)
    looks = found["Working Days and what had come by them"].rows
    assert [(row[0], row[1], row[4]) for row in looks] == [
        ("Working Day 1", "2021-09-01 22:59:59", Status("incomplete")),
        ("Working Day 2", "2021-09-02 22:59:59", Status("complete")),
    ]
    by_clock = {(row[0], row[1]): row for row in found["Incidents by Working Day and clock"].rows}
    first, second = by_clock["Working Day 1", "Resolution"], by_clock["Working Day 2", "Resolution"]
    assert (first[2], first[3], first[4].text, second[4].text) == (2, 1, "incomplete", "50.00")  # type: ignore[union-attr]  # a shown cell
    assert second[6] == 1 and by_clock["This run", "Resolution"][2] == 2


def test_a_cell_has_both_clocks_in_one_row(told: FrozenRun) -> None:
    rows = tables(incident_days.build, told)["Incidents by Working Day, category and Resolver Group"].rows
    assert rows[0] == ("Working Day 1", "major" if rows[0][1] == "major" else "2", HOSTILE, 2, 1, 2, 2)
    assert [row[0] for row in rows] == ["Working Day 1", "Working Day 2", "This run"]


def test_changes_are_told_from_cell_to_cell(told: FrozenRun) -> None:
    rows = tables(incident_days.build, told)["Changes between Working Days"].rows
    assert rows == (
        ("Working Day 1", "Working Day 2", "Resolution", f"category 2, {HOSTILE}: missed", f"category 3, {FOREIGN}: met", 1),
        ("Working Day 2", "This run", "Resolution", "not told", "no category, DSP: no target", 3),
    )


def test_what_a_run_keeps_no_room_for_is_said(told: FrozenRun) -> None:
    """200 more near-breach changes than the list holds: the reader is sent to the work list."""
    blocks = incident_regrades.build(told)
    assert tables(incident_regrades.build, told)["Made less severe near a breach"].rows[0][5] == -60
    assert any(isinstance(block, Note) and block.text.startswith("200 more") for block in blocks)


def test_an_outage_still_going_on_says_so(told: FrozenRun) -> None:
    (row,) = tables(outage_incidents.build, told)["Unplanned outages without an Incident"].rows
    assert row == ("O2", "Self-Service Interface", "2021-08-26 17:46:40", "still down", "none", "names no Incident")


@pytest.mark.parametrize("build", [incident_days.build, incident_regrades.build, outage_incidents.build])
def test_every_section_says_its_source(told: FrozenRun, build: Build) -> None:
    text = " ".join(str(getattr(block, "text", "")) for block in build(told))
    assert "TOC proxy" in text or "Service Provider feed" in text
