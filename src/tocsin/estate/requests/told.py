"""The Service Requests of a day as senders tell them: drawn, addressed, and which of their rows reach the ledger."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tocsin.estate.block import Block, Truth
from tocsin.estate.chance import chance
from tocsin.estate.faults.fates import Fates
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.requests.campaigns import Campaigns
from tocsin.estate.requests.draw import Drawn, draw_requests
from tocsin.estate.senders.delivered import delivered_rows
from tocsin.estate.senders.trail import addressed


def told_requests(
    plan: Plan, population: Population, campaigns: Campaigns | None, fates: Fates, day: int
) -> Iterator[tuple[Drawn, Block, Truth]]:
    """The requests of a day, with their rows as senders tell them and which of these reach the ledger; firmware campaigns come last."""
    for number, drawn in enumerate(_begun(plan, block) for block in draw_requests(plan, population, day)):
        # A kind that must occur on this day occurs in its first block.
        faults = fates.row_faults(chance(plan.seed, "row faults", day, number), len(drawn.rows), None if number else day)
        told = addressed(drawn.rows.put(fault=faults))
        yield drawn, told, delivered_rows(told, fates)
    campaign = None if campaigns is None else campaigns.told(day, fates)
    if campaign is not None:
        yield campaign


def _begun(plan: Plan, drawn: Drawn) -> Drawn:
    """A block without the rows of requests that are planned for the month after, where that is simulated too: they would be of it."""
    if not plan.is_followed:
        return drawn
    rows, after = drawn.rows, np.zeros(len(drawn.requests), bool)
    for column in ("execution_us", "scheduled_us"):
        after[rows["request"][rows[column] >= plan.period.end_at]] = True
    return replace(drawn, rows=rows.take(~after[rows["request"]]))
