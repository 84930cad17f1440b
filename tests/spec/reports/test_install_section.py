"""The section of installs: both sources and the difference, each day, the quarter before, the buckets; and what is not there."""

from dataclasses import replace

from frozen_run import figure, made_up_run
from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Graph, Note, Shown, Table
from tocsin.reports.drawing import svg_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.sections.installs import build
from tocsin.vocabulary.comms_hubs import BUCKETS

STATES = {"commissioned": (90, 93), "awaiting": (10, 6), "left": (0, 1), "replaced": (1, 1)}


def count(subject: str, indicator: str, counted: int, **where: str) -> Figure:
    return figure(subject, indicator, tuple(where.items()), shown=str(counted), counted=counted, unit="count")


def by_trail() -> list[Figure]:
    found = [count("installs", "installed", 101), figure("installs", "first_time_connectivity", shown="89.11", counted=101, met=90)]
    found += [count("installs", name, told) for name, (told, _) in STATES.items()]
    found += [count("installs", name, told, installed_on="2021-08-03") for name, (told, _) in STATES.items()]
    found.append(
        replace(figure("ninety_days", "connected", (("quarter", "2021-Q2"),), shown="97.50", counted=40, met=39), source="toc_proxy")
    )
    return found


def by_lists() -> list[Figure]:
    found = [figure("installs_listed", "first_time_connectivity_listed", shown="90.00", counted=100, met=90)]
    found += [count("installs_listed", f"{name}_listed", told) for name, (_, told) in STATES.items()]
    found += [count("installs_listed", f"{name}_listed", told, installed_on="2021-08-03") for name, (_, told) in STATES.items()]
    found += [count("no_wan_matches", f"bucket_{bucket.lower()}", place, cohort="period") for place, bucket in enumerate(BUCKETS)]
    found.append(count("no_wan_matches", "updates", 11, cohort="period"))
    return found


def absent(subject: str, indicator: str) -> Figure:
    return figure(subject, indicator, status="no_data", unit="count")


def blocks_of(figures: list[Figure]) -> tuple[list[Block], FrozenRun]:
    run = replace(made_up_run(), figures=tuple(figures))
    return build(run), run


def tables(blocks: list[Block]) -> dict[str, Table]:
    found = [block if isinstance(block, Table) else block.twin for block in blocks if isinstance(block, (Table, Graph))]
    return {table.caption: table for table in found}


def words(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(cell.text if isinstance(cell, Shown) else cell for cell in row)


def test_both_sources_and_their_difference() -> None:
    blocks, _ = blocks_of(by_trail() + by_lists())
    rows = [words(row) for row in tables(blocks)["Communications Hubs first updated in the month"].rows]
    assert rows == [
        ("Installed and commissioned", 90, 93, 3),
        ("Awaiting a decision inside the 90 days", 10, 6, -4),
        ("Installed and left", 0, 1, 1),
        ("Replaced or returned", 1, 1, 0),
        ("First-time connectivity, %", "89.11", "90.00", "see both"),
    ]


def test_each_day_is_drawn_and_told_of_the_source_that_knows_more() -> None:
    blocks, _ = blocks_of(by_trail() + by_lists())
    (graph,) = (block for block in blocks if isinstance(block, Graph))
    assert graph.twin.rows == (("2021-08-03", 101, 93, 6, 1, 1),)
    assert "Service Provider feed" in graph.twin.caption
    assert "installed and commissioned 93" in graph.alt
    assert svg_of(graph).startswith("<svg")
    alone, _ = blocks_of([*by_trail(), absent("installs_listed", "commissioned_listed")])
    (graph,) = (block for block in alone if isinstance(block, Graph))
    assert graph.twin.rows == (("2021-08-03", 101, 90, 10, 0, 1),)
    assert "TOC proxy" in graph.twin.caption


def test_every_bucket_says_what_to_do() -> None:
    blocks, run = blocks_of(by_trail() + by_lists())
    buckets = tables(blocks)["The eight buckets"]
    assert [row[0] for row in buckets.rows] == list(BUCKETS)
    assert [row[2] for row in buckets.rows] == list(range(8))
    assert {row[3] for row in buckets.rows} == {"none"}
    told = " ".join(block.text for block in blocks if hasattr(block, "text"))
    assert f"tocsin worklist {run.period.label} --list no_wan_reconciliation" in told


def test_the_quarter_before() -> None:
    blocks, _ = blocks_of(by_trail() + by_lists())
    (row,) = tables(blocks)["Communications Hubs of the quarter before"].rows
    assert words(row)[:6] == ("2021-Q2", "Connected within 90 days, %", "All", 40, "97.50", "TOC proxy")


def test_what_is_not_there_is_one_note() -> None:
    (note,), _ = blocks_of([absent("installs", "installed")])
    assert isinstance(note, Note) and note.text.startswith("No data:")
    assert blocks_of([])[0] == [note]
    lists = [absent("installs_listed", "commissioned_listed"), absent("no_wan_matches", "updates")]
    blocks, _ = blocks_of(by_trail() + lists)
    assert sum(isinstance(block, Note) for block in blocks) == 1
    rows = [words(row) for row in tables(blocks)["Communications Hubs first updated in the month"].rows]
    assert {row[3] for row in rows} == {"none can be told"}


def test_a_hole_is_not_hidden_by_numbers() -> None:
    """With files missing there is no table and no graph by day, and a bucket is incomplete, not none."""
    figures = [replace(one, status="incomplete", value=None, shown="n/a (incomplete: 29 of 31 files)") for one in by_trail() + by_lists()]
    blocks, _ = blocks_of(figures)
    assert not [block for block in blocks if isinstance(block, Graph)]
    assert next(block.text for block in blocks if isinstance(block, Note)).startswith("By day: incomplete")
    assert {words(row)[2:4] for row in tables(blocks)["The eight buckets"].rows} == {("incomplete", "incomplete")}
