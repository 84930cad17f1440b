"""Months that follow one another in one workspace: each drawn by itself, with homes of its own, and only the days that are its own.

Of two months no home, Communications Hub, User or Incident is the same, so neither's figures hold anything of the other's, and the truth of
each stays exact. What is unlike life is told in decision 0005: homes fall silent after their month, and what a request of a month's last
hours would be answered after midnight, no file tells.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tocsin.estate.outbox import ARRIVALS, DELIVERIES, FAULTS
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.vocabulary.errors import BadDeclaration

# A year: nobody has a plan for more, and the EUI-64s of Users are drawn from a few million.
MOST_MONTHS = 12


def plans_of(plan: Plan, months: int) -> tuple[Plan, ...]:
    """The plans of so many months from a first, each seen until it is settled; the seed goes up by one from month to month.

    Raises BadDeclaration for a number of months that cannot be, for months in another zone than UTC, and for an end of the first month's
    own: later months would have no files of it.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise BadDeclaration(f"months: a whole number from 1 to {MOST_MONTHS} was expected, found {months}.")
    if months == 1:
        return (plan,)
    if plan.period.zone != "UTC":
        raise BadDeclaration(
            f"months: Performance Measurement Periods in UTC were expected where several are simulated, found {plan.period.zone}."
        )
    if plan.until_at != Plan.settled_at(plan.period):
        raise BadDeclaration("until: nothing was expected where several months are simulated: each is written until it is settled.")
    found, period = [], plan.period
    for place in range(months):
        is_last = place == months - 1
        # Quarter-hour files of the last day of each month, or from a day on.
        slices_from = period.last_on if plan.slices_from == plan.period.last_on else plan.slices_from
        until_at = Plan.settled_at(period)
        own = replace(plan, period=period, seed=plan.seed + place, until_at=until_at, slices_from=slices_from)
        found.append(replace(own, months_before=place, is_followed=not is_last))
        period = period.next()
    return tuple(found)


def refuse_shared_ids(drawn: Sequence[tuple[Plan, Population]]) -> None:
    """Raise BadDeclaration where chance gave devices or Users of two months the same EUI-64."""
    for of in ("devices", "users"):
        ids = np.concatenate([getattr(population, of)["eui"] for _, population in drawn])
        if len(np.unique(ids)) < len(ids):
            last = drawn[-1][0]
            raise BadDeclaration(
                f"seed: {of} of {last.period.label} (seed {last.seed}) with EUI-64s of their own were expected, found some of an earlier"
                " month's. Nothing was written. Simulate with another seed."
            )


def gather(truth: Path, labels: Sequence[str]) -> None:
    """Make of the lists in `truth`/<month>/ those of all months: arrivals and deliveries in order of arrival, faults month by month."""
    for name, by in ((ARRIVALS, ("received_at", "file")), (DELIVERIES, ("arrives_at", "file")), (FAULTS, ())):
        rows = [row for label in labels for row in _rows(truth / label / name)]
        header = next(_lines(truth / labels[0] / name))
        if by:
            rows.sort(key=lambda row: tuple(row[key] for key in by))
        with (truth / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _lines(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
