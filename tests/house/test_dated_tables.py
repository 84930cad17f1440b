"""Every shipped table is dated, says how well each row is known and where it comes from, and is read by the code."""

from collections.abc import Callable
from datetime import date
from importlib import resources

import pytest

from tocsin.vocabulary import (
    alerts,
    business_processes,
    change_requests,
    devices,
    due_rules,
    firmware,
    incidents,
    opr,
    opsg,
    provider_reports,
    response_codes,
    service_providers,
    service_requests,
    settings,
    smki,
    target_times,
)
from tocsin.vocabulary.bank_holidays import bank_holidays
from tocsin.vocabulary.dated import DatedTable
from tocsin.vocabulary.table_file import STATUSES, shipped

ON = date(2021, 8, 31)
# One word for each table: what reads it. A table nobody reads has no business being shipped.
READERS: dict[str, Callable[[], object]] = {
    "alert_codes": alerts.alert_codes,
    "alert_stages_told": alerts.stages_told,
    "bank_holidays": lambda: bank_holidays("england_and_wales"),
    "business_processes": lambda: business_processes.rows(ON),
    "change_request_gains": change_requests.gains,
    "change_request_links": change_requests.links,
    "change_requests": change_requests.change_requests,
    "clock_stops": lambda: incidents.clock_stops(ON),
    "csp_regions": lambda: devices.region_of("North"),
    "due_rules": lambda: due_rules.due_rules(ON).rules,
    "firmware_stages_told": firmware.stages_told,
    "incident_measure_readings": lambda: incidents.incident_slices(ON),
    "incident_targets": lambda: incidents.incident_targets(ON),
    "incident_working_days": lambda: incidents.incident_working_days(ON),
    "opsg_meetings": lambda: opsg.opsg_meetings("2021-08"),
    "pmr_options": opsg.pmr_options,
    **dict.fromkeys(opr.TABLES, lambda: opr.opr_year(ON)),
    "relevant_measures": provider_reports.relevant_measures,
    "response_codes": response_codes.response_codes,
    "service_providers": service_providers.service_providers,
    "service_request_variants": service_requests.variants,
    "settings": lambda: settings.settings(ON),
    "smki_targets": smki.smki_targets,
    "target_response_times": lambda: target_times.target_rows(ON),
}
TABLES = sorted(file.name.removesuffix(".csv") for file in (resources.files("tocsin.vocabulary") / "data").iterdir())


def test_every_shipped_table_has_its_reader() -> None:
    assert sorted(READERS) == TABLES
    assert all(READERS[name]() for name in TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_since_when_how_surely_and_from_where(name: str) -> None:
    # A bank holiday is its own date.
    since = "day" if name == "bank_holidays" else "since"
    for row in shipped(name).rows:
        assert row.day(since) >= date(2012, 1, 1), row.where
        assert row.cells["status"] in STATUSES, row.where
        assert row.cells["source"], row.where


@pytest.mark.parametrize("name", [name for name in TABLES if name != "bank_holidays"])
def test_every_table_is_read_as_a_dated_one(name: str) -> None:
    table = DatedTable.load(name)
    assert table.at(ON)
    assert len(table.rows()) == len(shipped(name).rows)
    assert not table.at(date(2011, 12, 31))


@pytest.mark.parametrize(("name", "count"), [("service_request_variants", 129), ("response_codes", 194), ("alert_codes", 255)])
def test_counts_of_the_reference_tables(name: str, count: int) -> None:
    assert len(shipped(name).rows) == count


def test_every_srv_is_primary_exactly_once() -> None:
    homes = [srv for srv, _, strength in business_processes.rows(ON) if strength == "primary"]
    assert sorted(homes) == sorted(service_requests.variants())
    assert sum(business_processes.primary_process(srv, ON) == business_processes.OTHER for srv in homes) == 47
