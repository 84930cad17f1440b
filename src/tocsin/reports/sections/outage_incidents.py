"""Outages without an Incident (domain.md 3.4): what was down and is not recorded in service management, one by one."""

from tocsin.reports.blocks import Block, Cell, Column, Note, Prose, Table, counted
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_incidents import OutageLine
from tocsin.reports.section import Section
from tocsin.reports.wording import indicator_title, instant_figures, number, value_title

_SUBJECT = "outage_incidents"
_WHY = {"none": "names no Incident", "unknown": "names an Incident that no file of Incidents knows"}


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    totals = book.totals(_SUBJECT)
    if not totals or all(figure.status == "no_data" for figure in totals):
        return [Note("No data: no outages were received for the period, so none could be looked for among the Incidents.")]
    rows: list[tuple[Cell, ...]] = [("all services", indicator_title(figure.indicator), counted(figure)) for figure in totals]
    rows += [
        (value_title(run, column, value), indicator_title(figure.indicator), counted(figure))
        for figure in book.split(_SUBJECT, ("service",))
        for column, value in figure.breakdown
    ]
    columns = (Column("Service", share=2), Column("Outages", share=3), Column("Count", "whole"))
    return [
        Prose(
            "An unplanned outage must be recorded as an Incident; Planned Maintenance and a failover to a standby need none. "
            "Source: Service Provider feed, the outages told, looked for among the Incidents of the DCC Service Management System."
        ),
        Table("Outages that touch the period", columns, tuple(rows), "No outage touches the period."),
        Table("Unplanned outages without an Incident", _COLUMNS, tuple(_listed(run, line) for line in run.incidents.outages), _NONE, 40),
        *_left_off(run),
    ]


_NONE = "Every unplanned outage has its Incident."
_COLUMNS = (
    Column("Outage", "code", share=2), Column("Service"), Column("Went down, UTC", share=2), Column("Was back, UTC", share=2),
    Column("Incident it names", "code", share=2), Column("Why it is listed", share=3),
)  # fmt: skip


def _listed(run: FrozenRun, line: OutageLine) -> tuple[Cell, ...]:
    back = "still down" if line.ended_at is None else instant_figures(line.ended_at)
    why = _WHY.get(line.recording, line.recording)
    service = value_title(run, "service", line.service)
    return line.outage_id, service, instant_figures(line.started_at), back, line.incident_id or "none", why


def _left_off(run: FrozenRun) -> list[Block]:
    rest = run.incidents.outage_count - len(run.incidents.outages)
    return [Note(f"{number(rest)} more are in the work list and not kept with this run.")] if rest else []


OUTAGE_INCIDENTS = Section(
    name="outage_incidents",
    title="Outages without an Incident",
    order=43,
    build=build,
    sheet="Outages without Incident",
    starts_page=False,
)
