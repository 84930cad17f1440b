"""A simulation: the whole road from a plan to files, arrivals and truth. Day after day, so that memory does not grow with the month."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tocsin import __version__
from tocsin.estate.agreements import expected_of
from tocsin.estate.description import Description
from tocsin.estate.earlier_months import EarlierMonths
from tocsin.estate.events.earlier_updates import draw_earlier, post_earlier
from tocsin.estate.events.firmware_draw import draw_attempts
from tocsin.estate.events.hubs import HubUpdates, post_hubs
from tocsin.estate.faults.fates import Fates
from tocsin.estate.growth import volume_of
from tocsin.estate.months import gather, plans_of, refuse_shared_ids
from tocsin.estate.outbox import Outbox
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population, populate
from tocsin.estate.progress import Progress
from tocsin.estate.publication import INCOMING, TRUTH, finish_interrupted, publish, published, set_aside
from tocsin.estate.requests.campaigns import Campaigns
from tocsin.estate.requests.told import told_requests
from tocsin.estate.room import refuse_too_little_room
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

    @property
    def seen_until(self) -> tuple[tuple[str, str], ...]:
        """Each month with the instant until which it is written, from which its figures are the truth."""
        plans = plans_of(self.plan, int(self.record["plan"].get("months", "1")))
        return tuple((plan.period.label, _until(plan).replace("+00:00", "Z")) for plan in plans)


def simulate(
    plan: Plan, folder: Path, progress: Progress = lambda done, of, step: None, *, form: str = "csv", months: int = 1
) -> Simulated:
    """Write the deliveries of a month into `folder`/incoming and the truth into `folder`/truth; all of it, or nothing.

    `form`: the audit trail as csv, each sender in its own layout, or as parquet, all in one. `months`: of so many from the plan's on; the
    truth of each then lies in `folder`/truth/<month>, and the lists of arrivals, deliveries and faults in `folder`/truth tell all.
    Raises BadDeclaration for a month before the estate, a scale too small for a network, a disk with too little room, or a folder that
    holds files already; OSError for a disk that fills on the way.
    """
    if form not in FORMATS:
        raise BadDeclaration(f'format: expected one of {", ".join(FORMATS)}, found "{form}".')
    volume_of(plan.period)
    plans = plans_of(plan, months)
    asked = asked_of(plan, form) if months == 1 else {**asked_of(plan, form), "months": str(months), "until": _until(plans[-1])}
    finish_interrupted(folder)
    standing = published(folder)
    if standing is not None and standing["plan"] == asked:
        return Simulated(plan, standing, is_new=False)
    with set_aside(folder) as aside:
        refuse_too_little_room(plans, aside)
        record = {"plan": asked, **(_simulate_into(plan, aside, progress, form) if months == 1 else _all(plans, aside, progress, form))}
        publish(folder, aside, record)
    return Simulated(plan, record, is_new=True)


def asked_of(plan: Plan, form: str) -> dict[str, str]:
    """The plan in words: the same words and code give the same bytes."""
    return {
        "month": plan.period.label,
        "scale": str(plan.scale),
        "seed": str(plan.seed),
        "until": _until(plan),
        "faults": plan.faults.name,
        "slices_from": "" if plan.slices_from is None else plan.slices_from.isoformat(),
        "format": form,
        "code_version": __version__,
    }


def _until(plan: Plan) -> str:
    return moment(plan.until_at).isoformat()


def _all(plans: tuple[Plan, ...], aside: Path, progress: Progress, form: str) -> dict[str, Any]:
    """The months one after another; gives what one record tells of all of them, and the description of each by its label."""
    earlier, records = EarlierMonths(), {}
    of = sum(_steps(plan) for plan in plans)
    for place, plan in enumerate(plans):
        before, label = sum(_steps(one) for one in plans[:place]), plan.period.label

        def told(done: int, _: int, step: str, before: int = before, label: str = label) -> None:
            progress(before + done, of, f"{label}: {step}")

        (aside / TRUTH / label).mkdir()
        records[label] = _simulate_into(plan, aside, told, form, earlier=earlier, label=label)
        refuse_shared_ids(earlier.drawn)
    gather(aside / TRUTH, [*records])
    return {
        "rows": sum(record["rows"] for record in records.values()),
        "requests": sum(record["requests"] for record in records.values()),
        "description": {label: record["description"] for label, record in records.items()},
        "expected": [owed for record in records.values() for owed in record["expected"]],
    }


def _simulate_into(
    plan: Plan, aside: Path, progress: Progress, form: str, *, earlier: EarlierMonths | None = None, label: str = ""
) -> dict[str, Any]:
    """Every file and all of the truth of a month, in a hidden folder; gives what the record tells beside the plan.

    `label`: the folder of the truth below truth/, where the months have folders of their own.
    """
    progress(0, _steps(plan), "homes and devices")
    population = populate(plan)
    earlier = EarlierMonths() if earlier is None else earlier
    work, truth = aside / "work", aside / TRUTH / label
    work.mkdir()
    fates = Fates(plan)
    outbox = Outbox(plan, fates, aside / INCOMING, earlier)
    description = Description(plan)
    description.add_population(population)
    days, of = _days(plan), _steps(plan)
    requests, hubs, words = RequestTruth(plan, population), HubUpdates(), UnknownWords()
    stories = HubStories(plan, population)
    if not plan.months_before:
        _earlier(plan, population, outbox, work, (hubs, stories))
    attempts = draw_attempts(plan, population)
    campaigns, activations = Campaigns.of(plan, population, attempts), ActivationsTold(plan, population)
    trail = TrailFiles(plan, population, outbox, work, form)
    rows = 0
    for done, day in enumerate(days):
        progress(done, of, f"requests of {moment(day * DAY_US):%-d %B}")
        for drawn, told, delivered in told_requests(plan, population, campaigns, fates, day):
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
    of_hubs = HubMonth(stories, listed.told, earlier.hubs)
    of_hubs.write(truth)
    earlier.hubs.append(of_hubs)
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


def _days(plan: Plan) -> list[int]:
    """The days that have begun by the end of the simulation."""
    return [day for day in plan.days if day * DAY_US < plan.until_at]


def _steps(plan: Plan) -> int:
    return len(_days(plan)) + len(STEPS)
