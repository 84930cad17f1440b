"""Downloads to Communications Hubs: what stands of every sender's files is the truth, one attempt told by two days among them (CR1423)."""

from pathlib import Path

import pytest

from estate_files import PostedFiles, small_plan
from tocsin.estate.events.hub_firmware import LAYOUTS, expected_hub_firmware, post_hub_firmware
from tocsin.estate.events.hub_firmware_draw import SENDERS, draw_activations, draw_downloads
from tocsin.estate.models import firmware_versions, models
from tocsin.estate.population import populate
from tocsin.estate.senders.rhythm import day_on
from tocsin.vocabulary.instants import DAY_US

# The latest that is told of an attempt stands.
LATEST = f"""
, latest AS (SELECT *, row_number() OVER (PARTITION BY comms_hub_id, attempted_at ORDER BY told_at DESC) AS place FROM rows)
SELECT service_provider, region, attempted_at // {DAY_US}, count(*), count(*) FILTER (WHERE result = 'ok'),
count(*) FILTER (WHERE result = 'failed'), count(*) FILTER (WHERE result = 'in_progress') FROM latest WHERE place = 1 GROUP BY ALL
"""


@pytest.mark.parametrize("faults", ["none", "hard"])
def test_what_stands_is_the_truth(tmp_path: Path, faults: str) -> None:
    files = PostedFiles(tmp_path, small_plan(faults=faults, until="2021-09-14T00:00:00Z"))
    files.close(post_hub_firmware(files.plan, populate(files.plan), files.outbox, files.aside))
    taken = files.take_in("hub_firmware")
    assert taken.findings() == set()
    found = {(row[0], row[1], day_on(row[2]).isoformat()): row[3:] for row in taken.standing("hub_firmware", LATEST)}
    truth = {
        (row["service_provider"], row["region"], row["day"]): tuple(int(row[name]) for name in ("attempts", "ok", "failed", "in_progress"))
        for row in files.truth("hub_firmware")
    }
    assert found == truth
    assert {provider for provider, _, _ in truth} == {"CSPN", "CSPC", "CSPS", "S1SP-SECURE"}
    ((told_twice,),) = taken.standing("hub_firmware", "SELECT count(*) FROM rows WHERE result = 'in_progress'")
    assert told_twice > 0


def test_a_hub_is_tried_again_only_on_another_day() -> None:
    plan = small_plan()
    downloads = draw_downloads(plan, populate(plan), "CSPN")
    assert len({(download.hub, download.began_at // DAY_US) for download in downloads}) == len(downloads)
    assert {download.result for download in draw_downloads(plan, populate(plan), "CSPCS")} == {"ok", "failed"}


def test_a_hub_runs_the_newest_version_some_time_after_an_image_was_downloaded() -> None:
    plan = small_plan()
    population = populate(plan)
    devices, changed = population.devices, draw_activations(plan, population)
    done: dict[int, list[int]] = {}
    for sender in SENDERS:
        for download in draw_downloads(plan, population, sender):
            if download.result == "ok":
                done.setdefault(download.hub, []).append(download.ended_at)
    hubs = changed["hub"].tolist()
    assert len(hubs) == len(set(hubs)) > 20
    for hub, since, firmware in zip(hubs, changed["since_us"].tolist(), changed["firmware"].tolist(), strict=True):
        assert firmware_versions()[firmware] == models()[devices["model"][hub]].firmware[-1]
        assert firmware != devices["firmware"][hub]
        assert any(0 < since - ended_at <= 9 * DAY_US for ended_at in done[hub])
    # Some that were downloaded never run, and hubs that hold the newest version change nothing.
    held_other = {hub for hub in done if models()[devices["model"][hub]].firmware[-1] != firmware_versions()[devices["firmware"][hub]]}
    assert set(hubs) < held_other < set(done)


def test_who_downloads_is_who_tells() -> None:
    assert tuple(LAYOUTS) == SENDERS


def test_who_owes_downloads() -> None:
    assert {one["sender"] for one in expected_hub_firmware(small_plan())} == {"CSPN", "CSPCS", "S1SP-SECURE"}
