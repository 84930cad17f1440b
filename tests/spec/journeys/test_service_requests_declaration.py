"""The declaration of the journey: what its SQL reads and gives, its place on the shelf, the dated facts it is given."""

from datetime import date
from pathlib import Path

import pytest

from journey_rows import accepted, write_accepted
from tocsin.engines import Engine
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.party_list import PARTY_LIST
from tocsin.journeys import all_journeys
from tocsin.journeys.service_requests import SERVICE_REQUESTS, dated_relations
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.picks import hold_picks
from tocsin.vocabulary.errors import BadDeclaration


def test_the_shelf_holds_the_journey() -> None:
    assert all_journeys()["service_requests"] is SERVICE_REQUESTS


def test_written_from_parquet_it_has_the_declared_columns_in_order(embedded: Engine, tmp_path: Path) -> None:
    row = {"request_id": "r", "observed_at": "12:00:00", "time_point": "RX_DSP", "message_class": "request", "srv": "2.2"}
    out = tmp_path / "out.parquet"
    with embedded.session() as session:
        for feed, rows in ((AUDIT_TRAIL, [row]), (DEVICE_INVENTORY, []), (PARTY_LIST, [])):
            session.add(write_accepted(tmp_path / f"{feed.name}.parquet", feed, accepted(feed, rows)))
        for relation, facts in dated_relations(date(2021, 8, 1)):
            session.add_rows(relation, facts)
        period = in_bucket(1627776000000000, 1630454400000000, 1630454400000000)
        hold_picks(session, SERVICE_REQUESTS.picks, period)
        assert session.write_parquet(SERVICE_REQUESTS.sql, out, period) == 1
        assert session.rows(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('{out}'))") == list(
            SERVICE_REQUESTS.columns
        )


def test_a_longer_lookback_than_the_sql_looks_back_is_refused(tmp_path: Path) -> None:
    override = tmp_path / "settings.csv"
    override.write_text("name,since,value,unit,sentence,status,source\nlookback,2012-01-01,36,days,Longer.,assumed,a test\n")
    with pytest.raises(BadDeclaration, match=r"lookback is 36 days.*35 days back.*Set 35 or fewer"):
        dated_relations(date(2021, 8, 1), tmp_path)


def test_a_workspace_may_show_the_4g_networks_apart(tmp_path: Path) -> None:
    header = "csp_region,since,region,status,source\n"
    (tmp_path / "csp_regions.csv").write_text(header + "4G North,2012-01-01,north_4g,assumed,a test\n")
    words = {
        row[0]: row[1:] for relation, rows in dated_relations(date(2021, 8, 1), tmp_path) for row in rows if relation.name == "region_words"
    }
    assert (words["4G North"], words["North"], words["SMETS1"]) == (("north_4g", "SMETS2+"), ("north", "SMETS2+"), ("smets1", "SMETS1"))
