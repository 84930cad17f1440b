"""Downloads to Communications Hubs: what stands of every sender's files is the truth, one attempt told by two days among them (CR1423)."""

from pathlib import Path

import pytest

from estate_files import PostedFiles, small_plan
from tocsin.estate.events.hub_firmware import draw_downloads, expected_hub_firmware, post_hub_firmware
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


def test_who_owes_downloads() -> None:
    assert {one["sender"] for one in expected_hub_firmware(small_plan())} == {"CSPN", "CSPCS", "S1SP-SECURE"}
