"""The section on firmware: stages, round trips, what is not provided, both sources, and what is not there (CR1421, CR1423, CR1440)."""

from dataclasses import replace

from frozen_run import figure, made_up_run
from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Graph, Note, Prose, Shown, Table
from tocsin.reports.document import document_of
from tocsin.reports.drawing import svg_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.sections.firmware import FIRMWARE

CSPC, CSPN = (("service_provider", "CSPC"),), (("service_provider", "CSPN"),)


def count(area: str, indicator: str, number: int, where: tuple[tuple[str, str], ...] = ()) -> Figure:
    return replace(figure(area, indicator, where, shown=str(number), counted=number, unit="count"), source="provider_feed")


def told() -> list[Figure]:
    found = [
        replace(figure("cpm_6b", shown="75.00", counted=4, met=3), source="provider_feed"),
        replace(figure("cpm_6c", shown="100.00", counted=2, met=2), source="provider_feed"),
        count("hub_downloads", "attempts", 9),
    ]
    for name, number in (("named", 5), ("refused", 1), ("accepted", 4), ("sent", 4), ("at_hub", 3), ("at_device", 3), ("hub_untold", 1)):
        found.append(count("firmware_uploads", name, number))
    found += [count("firmware_activations", name, number) for name, number in (("requested", 2), ("activated", 1), ("confirmed", 1))]
    for where, at_hub, untold in ((CSPC, 0, 2), (CSPN, 0, 0)):
        found.append(count("firmware_uploads", "accepted", 2, where))
        found.append(count("firmware_uploads", "at_hub", at_hub, where))
        found.append(count("firmware_uploads", "hub_untold", untold, where))
    return found


def blocks_of(figures: list[Figure]) -> list[Block]:
    return FIRMWARE.build(replace(made_up_run(), figures=tuple(figures)))


def tables(blocks: list[Block]) -> dict[str, Table]:
    return {block.caption: block for block in blocks if isinstance(block, Table)}


def test_stages_are_a_funnel_with_a_table_of_the_same_numbers():
    (graph,) = (block for block in blocks_of(told()) if isinstance(block, Graph))
    assert [row[:2] for row in graph.twin.rows] == [
        ("Devices named", 5), ("F0 accepted", 4), ("F1 sent on", 4), ("F2 at the hub", 3), ("F3 at the device", 3), ("F4 asked for", 2),
        ("F5 answered", 1), ("F6 confirmed without an answer", 1),
    ]  # fmt: skip
    assert {row[2] for row in graph.twin.rows} == {"Service Provider feed"}
    assert "F4 asked for 2" in graph.alt
    assert svg_of(graph).startswith("<svg")


def test_a_stage_that_nobody_tells_is_not_provided_and_not_none():
    rows = {row[0]: row for row in tables(blocks_of(told()))["Upload by Service Provider"].rows}
    assert (rows["CSPC"][2], rows["CSPN"][2]) == ("not provided", 0)


def test_each_measure_says_its_source_and_what_the_other_has():
    found = tables(blocks_of([*told(), replace(figure("cpm_6c_observed", shown="90.00", counted=10, met=9), source="toc_proxy")]))
    rows = found["Firmware measures by source"].rows
    assert [row[:3] for row in rows] == [
        ("CPM 6B", "Service Provider feed", Shown("75.00", "percent", True)),
        ("CPM 6B", "TOC proxy", "not available from this source"),
        ("CPM 6C", "Service Provider feed", Shown("100.00", "percent", True)),
        ("CPM 6C", "TOC proxy", Shown("90.00", "percent", True)),
    ]


def test_the_inventory_tells_changes_of_hubs_and_no_attempts():
    texts = [block.text for block in blocks_of([*told(), count("hub_versions", "changed", 7)]) if isinstance(block, Prose)]
    assert any(text.startswith("7 Communications Hubs have another firmware version by the inventory (TOC proxy)") for text in texts)


def test_without_any_tracking_it_says_so_once():
    (note,) = blocks_of([replace(one, value=None, counted=None, status="no_data") for one in told()])
    assert isinstance(note, Note) and note.text.startswith("No data")


def test_hubs_may_be_there_without_devices_and_devices_without_hubs():
    for missing in ("firmware", "hub_downloads"):
        figures = [replace(one, value=None, counted=None, status="no_data") if one.subject.startswith(missing) else one for one in told()]
        (note,) = (block for block in blocks_of(figures) if isinstance(block, Note))
        assert ("devices" in note.text) == (missing == "firmware")


def test_it_stands_in_the_document():
    run: FrozenRun = replace(made_up_run(), figures=tuple(told()))
    assert "Firmware" in [section.title for section, _ in document_of(run).sections]
