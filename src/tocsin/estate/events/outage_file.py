"""The DSP's list of a month's outages, as it is sent after the month."""

from dataclasses import asdict
from pathlib import Path

from tocsin.estate.events.incident_layouts import OUTAGE_LAYOUT
from tocsin.estate.events.outages import outages
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.rhythm import due_at
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.table_file import write_table
from tocsin.estate.truth.outages import OutageTruth
from tocsin.vocabulary.instants import MINUTE_US

FEED, SENDER = "outages", "DSP"
# In the morning after the month's last day; due is Working Day 2.
READY_AFTER_US = 7 * 60 * MINUTE_US


def post_outages(plan: Plan, population: Population, outbox: Outbox, aside: Path) -> OutageTruth:
    """Write and post the month's list, and tell the minutes that must be found in it."""
    del population
    period, found = plan.period, outages(plan)
    ready_at, owed_at = _ready_and_due(plan)
    if ready_at <= plan.until_at:
        body = aside / f"DSP_OUTAGES_{period.label.replace('-', '')}.xlsx"
        write_table(body, OUTAGE_LAYOUT, (asdict(outage) for outage in found))
        posting = Posting(FEED, SENDER, body.name, period.start_at, period.end_at, "final", body, len(found), {}, ready_at, owed_at)
        outbox.post(posting)
    return OutageTruth(period, found, outages_stand(outbox.fates))


def outages_stand(fates: Fates) -> bool:
    """Whether a whole copy of the month's list has arrived by the end of the simulation."""
    plan = fates.plan
    copies = fates.copies(FEED, SENDER, plan.period.start_at, *_ready_and_due(plan))
    return any(copy.is_whole and copy.arrives_at <= plan.until_at for copy in copies)


def _ready_and_due(plan: Plan) -> tuple[int, int | None]:
    return plan.period.end_at + READY_AFTER_US, due_at(FEED, plan.period.start_at)


def expected_outages(plan: Plan) -> list[dict[str, object]]:
    """One list for the month."""
    period = plan.period
    return [{"feed": FEED, "sender": SENDER, "every": "month", "since": period.first_on, "until": period.next().first_on}]
