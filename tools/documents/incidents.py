"""docs/methodology/incidents.md: the two clocks, the cube, and what each reading takes for CPM 4, 5 and 5A."""

from datetime import date

from tools.documents.page import code, codes, page, prose, table
from tools.documents.service_requests import attributes_and_remarks

from tocsin.areas.incidents import INCIDENTS_AREA
from tocsin.journeys import incident_clocks, incident_days, incident_regrades, outage_incidents
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS
from tocsin.vocabulary.dated import DatedTable
from tocsin.vocabulary.settings import setting


def incidents() -> str:
    window, reading, near = (setting(name, date.max) for name in ("reopen_window", "incident_measure_reading", "incident_near_breach"))
    return page(
        INCIDENT_CLOCKS.title,
        f"Source: {INCIDENT_CLOCKS.source}.",
        "## The clocks",
        prose(incident_clocks.__doc__),
        f"The window: {window.value} {window.unit} ({window.status}). {window.sentence}",
        "### Target times",
        table(("category", "clock", "seconds", "calendar", "since", "status"), _rows("incident_targets", "seconds", "calendar")),
        "### Why an Incident waits, and whether that stops the resolution clock",
        table(("reason", "stops it", "since", "status"), _rows("clock_stops", "pauses")),
        attributes_and_remarks(INCIDENT_CLOCKS),
        "## The cube",
        f"Asked for {codes(INCIDENT_CLOCKS.splits)} together. An indicator carries no service level.",
        table(
            ("indicator", "unit", "counted", "met"),
            [(i.title, i.unit, f"{i.counted.sentence} {code(i.counted.predicate)}", f"{i.met.sentence} {code(i.met.predicate)}" if i.met
              else "") for i in INCIDENTS_AREA.indicators],
        ),
        "## Working Days",
        prose(incident_days.__doc__),
        table(("Working Day", "told", "since", "status"), _rows("incident_working_days", "is_told")),
        "## Category changes",
        prose(incident_regrades.__doc__),
        f"Little of a target is left from {near.value} {near.unit} of it on ({near.status}). {near.sentence}",
        "## Outages and their Incidents",
        prose(outage_incidents.__doc__),
        "## Readings of CPM 4, 5 and 5A",
        f"In force: {reading.value} ({reading.status}). {reading.sentence} One row of `reference/settings.csv` chooses another.",
        table(("reading", "measure", "categories", "clock", "each category apart", "since", "status"), _rows("incident_measure_readings",
              "categories", "clock", "is_by_category")),
    )  # fmt: skip


def _rows(name: str, *columns: str) -> list[tuple[str, ...]]:
    """Rows of a dated table: its key, the columns asked for, since when, how surely."""
    loaded = DatedTable.load(name)
    key = loaded.columns[: loaded.columns.index("since")]
    return [tuple(row.cells[column] for column in (*key, *columns, "since", "status")) for row in loaded.rows()]
