"""Sections of what Service Providers report, availability, SMKI and hub orders: both sources, the difference, and what is not there."""

from dataclasses import replace

import pytest

from frozen_run import figure, made_up_run
from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Graph, Note, Shown, Table
from tocsin.reports.document import document_of
from tocsin.reports.frozen import FrozenRun, MeasureText
from tocsin.reports.sections import all_sections
from tocsin.reports.wording import measure_label

SECTIONS = ("provider_reports", "availability", "smki", "hub_ordering")
COMPONENTS = {
    ("DSP", "all", "1.1"): (1000, 900, "90.00"),
    ("CSPN", "north", "4.3"): (3000, 3000, "100.00"),
}


def measure(name: str, beside: str = "") -> MeasureText:
    return MeasureText(name, f"Title of {name}", "", "Counted.", "TRUE", "Met.", "TRUE", "99", "96", None, None, "", "toc_proxy", beside)


def levels() -> list[Figure]:
    """CPM 1 observed 98.00, reported 97.50; CPM 6 both ways; one percentage without counts."""
    found = [
        replace(figure("cpm_1", shown="98.00", counted=1000, met=980), source="toc_proxy"),
        figure("cpm_1", "", (("region", "north"),), shown="99.00", counted=100, met=99),
        figure("cpm_1_reported", shown="97.50", counted=4000, met=3900),
        figure("cpm_1_reported", "", (("region", "north"),), shown="100.00", counted=3000, met=3000),
        replace(figure("cpm_6", shown="99.50", counted=42_960, met=42_745), source="provider_feed"),
    ]
    for (provider, region, ref), (counted, met, shown) in COMPONENTS.items():
        where = (("service_provider", provider), ("region", region), ("measure_ref", ref))
        found.append(figure("cpm_1_reported", "", where, shown=shown, counted=counted, met=met))
    first = level_at("cpm_6", "DSP", "3.5", "final")
    found += [
        figure("reported_levels", "level", first, shown="99.40", counted=1000, met=994),
        figure("reported_levels", "initial_level", first, shown="99.30", counted=1000, met=993),
        figure("reported_levels", "changed", first, shown="1", counted=1, unit="count"),
    ]
    alone = level_at("cpm_1", "S1SP-8", "s1_on_demand", "initial")
    found += [
        figure("reported_levels", "level", alone, counted=0, met=0, status="incomplete"),
        figure("reported_levels", "stated_percentage", alone, shown="9760", counted=9760, unit="count"),
    ]
    return found


def level_at(cpm: str, provider: str, ref: str, submission: str) -> tuple[tuple[str, str], ...]:
    return (("cpm", cpm), ("service_provider", provider), ("region", "all"), ("measure_ref", ref), ("submission", submission))


def run_of(figures: list[Figure]) -> FrozenRun:
    measures = (measure("cpm_1", "cpm_1_reported"), measure("cpm_1_reported", "cpm_1"), measure("cpm_6"))
    return replace(made_up_run(), figures=tuple(figures), measures=measures)


def blocks(run: FrozenRun, name: str) -> tuple[Block, ...]:
    return {section.name: of for section, of in document_of(run).sections}[name]


def table(run: FrozenRun, name: str, caption: str) -> list[tuple[object, ...]]:
    told = [block.twin if isinstance(block, Graph) else block for block in blocks(run, name)]
    (found,) = [block for block in told if isinstance(block, Table) and block.caption.startswith(caption)]
    return [tuple(cell.text if isinstance(cell, Shown) else cell for cell in row) for row in found.rows]


@pytest.mark.parametrize("name", SECTIONS)
def test_without_its_feed_a_section_is_one_note(name):
    """In a run made before there was such a feed, and in one that received nothing of it."""
    absent = {"provider_reports": "reported_levels", "availability": "availability_minutes"}.get(name, name)
    for figures in ([], [figure(absent, "level", status="no_data")]):
        (note,) = blocks(run_of(figures), name)
        assert isinstance(note, Note)
    assert note.text.startswith("Not supplied:" if name == "smki" else "No data:")


def test_both_sources_stand_side_by_side_with_their_difference():
    rows = table(run_of(levels()), "provider_reports", "Reported and observed")
    assert rows == [
        ("CPM 1: Title of cpm_1", "97.50", "98.00", "\N{MINUS SIGN}0.50", "TOC proxy"),
        ("CPM 6: Title of cpm_6", "99.40", "99.50", "\N{MINUS SIGN}0.10", "Service Provider feed"),
    ]


def test_the_difference_is_told_by_region_and_by_component():
    run = run_of(levels())
    assert table(run, "provider_reports", "CPM 1 reported") == [("North", "100.00", 3000, "99.00", 100, "+1.00")]
    rows = table(run, "provider_reports", "What each component")
    assert [(row[0], row[-2], row[-1]) for row in rows] == [
        ("DSP", "25.00", "\N{MINUS SIGN}2.00"),
        ("CSPN", "75.00", "+1.50"),
    ]


def test_a_final_beside_its_initial_and_a_percentage_alone():
    rows = table(run_of(levels()), "provider_reports", "Levels reported")
    assert [(row[0], *row[2:]) for row in rows] == [
        ("DSP", "CPM 6", "final", "99.40", 1000, 994, "99.30", "yes"),
        ("S1SP-8", "CPM 1", "initial", "97.60 stated", "not told", "not told", "none", "no"),
    ]


def test_availability_tells_both_denominators():
    service = (("service", "ssi"),)
    figures = [
        figure("availability_minutes", "of_tap", service, shown="99.86", counted=42_960, met=42_900),
        figure("availability_minutes", "of_month", service, shown="99.861", counted=43_200, met=43_140),
        figure("availability_minutes", "down", service, shown="60", counted=60, unit="count"),
    ]
    rows = table(run_of(figures), "availability", "Availability by service")
    assert rows == [("Self-Service Interface", 42_960, 42_900, "99.86", 43_200, "99.861", "no figure", 60)]


def test_hub_orders_and_smki_by_row():
    where = (("service_provider", "CSPN"), ("region", "north"))
    orders = [figure("hub_ordering", "orders", by, shown="3", counted=3, unit="count") for by in ((), where)]
    assert [row[:3] for row in table(run_of(orders), "hub_ordering", "Communications Hubs")] == [
        ("All", "All regions", 3),
        ("CSPN", "North", 3),
    ]
    both = [
        figure("hub_ordering", "returned_faulty", shown="3", counted=3, unit="count"),
        figure("hub_ordering", "returned_sound", shown="2", counted=2, unit="count"),
        figure("comms_hub_ordering_and_returns", "volume", shown="5", counted=5, unit="count"),
        figure("comms_hub_ordering_and_returns", "volume", (("srv", "8.14.3"),), shown="5", counted=5, unit="count"),
    ]
    assert [row[1:] for row in table(run_of(orders + both), "hub_ordering", "Returns")] == [(3, 5, -2), (2, 0, 2)]
    both[2] = figure("comms_hub_ordering_and_returns", "volume", status="no_data", unit="count")
    assert [row[1:] for row in table(run_of(orders + both[:3]), "hub_ordering", "Returns")] == [
        (3, "n/a (no data)", "n/a"),
        (2, "n/a (no data)", "n/a"),
    ]
    smki = [figure("smki", "volume", (("service", "certificate"),), shown="7", counted=7, unit="count")]
    assert table(run_of(smki), "smki", "SMKI")[0][:2] == ("Certificate, single request", 7)


@pytest.mark.parametrize(
    ("name", "label"),
    [("cpm_1", "CPM 1"), ("cpm_5a", "CPM 5A"), ("cpm_1_reported", "CPM 1 reported"), ("cpm_3_at_dsp", "CPM 3 at DSP"), ("luck", "LUCK")],
)
def test_a_measure_and_its_other_readings_are_called_alike(name, label):
    assert measure_label(name) == label


def test_each_section_has_its_place():
    order = [section.name for section in all_sections() if section.name in (*SECTIONS, "cpm_detail", "incidents", "business_processes")]
    assert order == ["cpm_detail", "provider_reports", "availability", "smki", "incidents", "business_processes", "hub_ordering"]
