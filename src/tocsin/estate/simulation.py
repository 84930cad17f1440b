"""A simulation: the whole road from a plan to files, arrivals and truth. Day after day, so that memory does not grow with the month."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tocsin import __version__
from tocsin.estate.agreements import expected_of
from tocsin.estate.block import Block, Truth
from tocsin.estate.chance import chance
from tocsin.estate.description import Description
from tocsin.estate.events.earlier_updates import draw_earlier, post_earlier
from tocsin.estate.events.firmware_draw import draw_attempts
from tocsin.estate.events.hubs import HubUpdates, post_hubs
from tocsin.estate.faults.fates import Fates
from tocsin.estate.growth import volume_of
from tocsin.estate.outbox import Outbox
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population, populate
from tocsin.estate.publication import INCOMING, TRUTH, finish_interrupted, publish, published, set_aside
from tocsin.estate.requests.campaigns import Campaigns
from tocsin.estate.requests.draw import Drawn, draw_requests
from tocsin.estate.room import room_needed
from tocsin.estate.senders.delivered import delivered_rows
from tocsin.estate.senders.trail import addressed
from tocsin.estate.senders.trail_files import TrailFiles
from tocsin.estate.steps import STEPS
from tocsin.estate.truth.hub_updates import HubStories
from tocsin.estate.truth.hubs import HubMonth
from tocsin.estate.truth.service_requests import RequestTruth
from tocsin.estate.truth.trail_activations import ActivationsTold
from tocsin.estate.truth.unknown_words import UnknownWords
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import DAY_US, moment

FORMATS = ("csv", "parquet")

# What is done, of how much, and its name.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Simulated:
    """What stands after a simulation; `is_new` is False where this very simulation was there already."""

    plan: Plan
    record: Mapping[str, Any]
    is_new: bool

    @property
    def rows(self) -> int:
        """Audit-trail rows drawn."""
        return int(self.record["rows"])


def simulate(plan: Plan, folder: Path, progress: Progress = lambda done, of, step: None, *, form: str = "csv") -> Simulated:
    """Write the deliveries of a month into `folder`/incoming and the truth into `folder`/truth; all of it, or nothing.

    `form`: the audit trail as csv, each sender in its own layout, or as parquet, all in one. Raises BadDeclaration for a month before
    the estate, a scale too small for a network, a disk with too little room, or a folder that holds files already; OSError for a disk
    that fills on the way.
    """
    if form not in FORMATS:
        raise BadDeclaration(f'format: expected one of {", ".join(FORMATS)}, found "{form}".')
    volume_of(plan.period)
    asked = asked_of(plan, form)
    finish_interrupted(folder)
    standing = published(folder)
    if standing is not None and standing["plan"] == asked:
        return Simulated(plan, standing, is_new=False)
    with set_aside(folder) as aside:
        _refuse_too_little_room(plan, aside, form)
        progress(0, _steps(plan), "homes and devices")
        population = populate(plan)
        record = {"plan": asked, **_simulate_into(plan, population, aside, progress, form)}
        publish(folder, aside, record)
    return Simulated(plan, record, is_new=True)


def asked_of(plan: Plan, form: str) -> dict[str, str]:
    """The plan in words: the same words and code give the same bytes."""
    return {
        "month": plan.period.label,
        "scale": str(plan.scale),
        "seed": str(plan.seed),
        "until": moment(plan.until_at).isoformat(),
        "faults": plan.faults.name,
        "slices_from": "" if plan.slices_from is None else plan.slices_from.isoformat(),
        "format": form,
        "code_version": __version__,
    }


def _simulate_into(plan: Plan, population: Population, aside: Path, progress: Progress, form: str) -> dict[str, Any]:
    """Every file and all of the truth, in a hidden folder; gives what the record tells beside the plan."""
    work, truth = aside / "work", aside / TRUTH
    work.mkdir()
    fates = Fates(plan)
    outbox = Outbox(plan, fates, aside / INCOMING)
    description = Description(plan)
    description.add_population(population)
    days, of = _days(plan), _steps(plan)
    requests, hubs, words = RequestTruth(plan, population), HubUpdates(), UnknownWords()
    stories = HubStories(plan, population)
    _earlier(plan, population, outbox, work, (hubs, stories))
    attempts = draw_attempts(plan, population)
    campaigns, activations = Campaigns.of(plan, population, attempts), ActivationsTold(plan, population)
    trail = TrailFiles(plan, population, outbox, work, form)
    rows = 0
    for done, day in enumerate(days):
        progress(done, of, f"requests of {moment(day * DAY_US):%-d %B}")
        for drawn, told, delivered in _blocks(plan, population, campaigns, fates, day):
            activations.add(told, delivered)
            requests.add(drawn, told, delivered)
            hubs.add(drawn.requests, told, delivered)
            stories.add(told, delivered)
            words.add(told, delivered)
            trail.append(told)
            description.add(drawn)
            rows += len(told)
        # A day's file is open for a day more: rows come out of order, and a local day is not a UTC day.
        trail.close_through(day - 1)
    trail.close()
    requests.close(truth)
    activations.write(truth)
    for done, step in enumerate(STEPS, len(days)):
        progress(done, of, step.name)
        step.post(plan, population, outbox, work).write(truth)
    listed = post_hubs(plan, population, outbox, work, hubs)
    listed.write(truth)
    HubMonth(stories, listed.told).write(truth)
    outbox.planted(words.planted())
    outbox.close(truth)
    shutil.rmtree(work)
    progress(of, of, "all written")
    return {
        "rows": rows,
        "requests": description.requests,
        "description": description.record(),
        "expected": expected_of(plan),
    }


def _earlier(plan: Plan, population: Population, outbox: Outbox, work: Path, told_to: tuple[HubUpdates, HubStories]) -> None:
    """What was told of Communications Hubs before the simulated days: posted, and gathered with what the days themselves tell."""
    asked, rows = draw_earlier(plan, population)
    hubs, stories = told_to
    # It came before the first day, whole, and no row of it is spoilt.
    all_of_it = np.ones(len(rows), np.bool_)
    hubs.add(asked, rows, all_of_it)
    stories.add(rows, all_of_it)
    post_earlier(plan, population, rows, outbox, work)


def _blocks(plan: Plan, population: Population, campaigns: Campaigns, fates: Fates, day: int) -> Iterator[tuple[Drawn, Block, Truth]]:
    """The requests of a day, with their rows as senders tell them and which of these reach the ledger; firmware campaigns come last."""
    for number, drawn in enumerate(draw_requests(plan, population, day)):
        # A kind that must occur on this day occurs in its first block.
        faults = fates.row_faults(chance(plan.seed, "row faults", day, number), len(drawn.rows), None if number else day)
        told = addressed(drawn.rows.put(fault=faults))
        yield drawn, told, delivered_rows(told, fates)
    campaign = campaigns.told(day, fates)
    if campaign is not None:
        yield campaign


def _days(plan: Plan) -> list[int]:
    """The days that have begun by the end of the simulation."""
    return [day for day in plan.days if day * DAY_US < plan.until_at]


def _steps(plan: Plan) -> int:
    return len(_days(plan)) + len(STEPS)


def _refuse_too_little_room(plan: Plan, aside: Path, form: str) -> None:
    needed, free = room_needed(plan), shutil.disk_usage(aside).free
    if needed > free:
        raise BadDeclaration(
            f"{aside.parent}: about {needed / 1e9:,.1f} GB are needed for {plan.period.label} at scale {float(plan.scale):g}, found"
            f" {free / 1e9:,.1f} GB free. Nothing was written. Choose a smaller scale, or a workspace on a larger disk."
        )
