"""One day by itself, at any size up to the whole network's: its audit trail and its alerts, and the truth of both.

A national day is 33 million Service Requests and 53 million alerts. What is not of the day itself is left out: no day is drawn before it
or after it, no inventory of 54 million devices is sent (device types are those that rows tell), nor any feed beside these two but the party
list. What a request of the day is answered after midnight, no file tells, as between two months (decision 0005).
"""

import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.estate.agreements import expected_of
from tocsin.estate.block import Block
from tocsin.estate.events.alerts import post_alerts
from tocsin.estate.events.registers import post_parties
from tocsin.estate.faults.fates import Fates
from tocsin.estate.outbox import Outbox
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population, populate
from tocsin.estate.progress import Progress
from tocsin.estate.publication import INCOMING, TRUTH, finish_interrupted, publish, published, set_aside
from tocsin.estate.requests.ground import ground_of
from tocsin.estate.requests.told import told_requests
from tocsin.estate.room import refuse_too_little_room
from tocsin.estate.senders.trail_files import TrailFiles
from tocsin.estate.simulation import Simulated, asked_of
from tocsin.estate.truth.service_requests import RequestTruth
from tocsin.estate.truth.unknown_words import UnknownWords
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import DAY_US

# Columns of a device that only its line of the inventory tells.
NOT_OF_A_DAY = ("cohort", "model", "firmware", "is_listed")
FEW_USERS = 1 << 15

# No false outages: firmware activations are of other days.
NO_ACTIVATIONS = Block({"device": np.zeros(0, np.int64), "at_us": np.zeros(0, np.int64)})


def plan_of_one_day(plan: Plan, on: date) -> Plan:
    """The plan for one day of its period. Every file of the day has come a day after it ended, and no alert of it is still on its way.

    Raises BadDeclaration for a day that is not in the period.
    """
    if not plan.period.first_on <= on <= plan.period.last_on:
        raise BadDeclaration(f"day: one of {plan.period.label} was expected, found {on}.")
    alone = replace(plan, only_on=on, slices_from=None)
    return replace(alone, until_at=(alone.days.stop + 1) * DAY_US)


def simulate_day(plan: Plan, folder: Path, progress: Progress = lambda done, of, step: None) -> Simulated:
    """Write the day of `plan_of_one_day` into `folder`/incoming and the truth into `folder`/truth; all of it, or nothing.

    The alerts are drawn in a process of their own beside that of the trail, on the same population. Raises as `simulate` does.
    """
    if plan.only_on is None:
        raise ValueError("a plan of one day was expected: plan_of_one_day makes it")
    asked = {**asked_of(plan, "csv"), "only_on": plan.only_on.isoformat()}
    finish_interrupted(folder)
    standing = published(folder)
    if standing is not None and standing["plan"] == asked:
        return Simulated(plan, standing, is_new=False)
    with set_aside(folder) as aside:
        refuse_too_little_room((plan,), aside)
        record = {"plan": asked, **_written(plan, aside, progress)}
        publish(folder, aside, record)
    return Simulated(plan, record, is_new=True)


def _written(plan: Plan, aside: Path, progress: Progress) -> dict[str, Any]:
    progress(0, 1, "homes and devices")
    population = _of_a_day(populate(plan))
    work, truth = aside / "work", aside / TRUTH
    for name in ("trail", "alerts"):
        (work / name).mkdir(parents=True)

    def alerts() -> Outbox:
        outbox = Outbox(plan, Fates(plan), aside / INCOMING)
        post_alerts(plan, population, outbox, work / "alerts", NO_ACTIVATIONS, progress=progress).write(truth)
        return outbox

    # The population is read by both and written by neither: a forked process has it without a copy.
    receiving, sending = get_context("fork").Pipe(duplex=False)
    beside = get_context("fork").Process(target=_told, args=(alerts, sending), daemon=True)
    beside.start()
    sending.close()
    try:
        outbox = Outbox(plan, Fates(plan), aside / INCOMING)
        post_parties(plan, population, outbox, work / "trail")
        rows, requests = _trail(plan, population, outbox, work / "trail", truth, progress=progress)
        other = _result(receiving, beside.join, lambda: beside.exitcode)
    finally:
        beside.terminate()
        beside.join()
    outbox.add(other)
    outbox.close(truth)
    shutil.rmtree(work)
    progress(1, 1, "all written")
    return {"rows": rows, "requests": requests, "description": {}, "expected": expected_of(plan)}


def _of_a_day(population: Population) -> Population:
    """The population without what only an inventory tells, in the least numbers that hold it: a gigabyte less of a whole network."""
    devices = population.devices
    kept = {name: values for name, values in devices.columns.items() if name not in NOT_OF_A_DAY}
    least = {"hub": np.int32, **({"supplier": np.int16, "network": np.int16} if len(population.users) < FEW_USERS else {})}
    return replace(
        population, devices=Block({name: values.astype(least.get(name, values.dtype), copy=False) for name, values in kept.items()})
    )


def _trail(plan: Plan, population: Population, outbox: Outbox, work: Path, truth: Path, *, progress: Progress) -> tuple[int, int]:
    """The audit trail of the day; gives its rows and requests."""
    fates, counted, words = outbox.fates, RequestTruth(plan, population), UnknownWords()
    trail = TrailFiles(plan, population, outbox, work)
    day, rows, requests = plan.days.start, 0, 0
    of = ground_of(plan, population, day).blocks
    for done, (drawn, told, delivered) in enumerate(told_requests(plan, population, None, fates, day)):
        progress(done, of, "requests")
        counted.add(drawn, told, delivered)
        words.add(told, delivered)
        own = told.take(told["file_day"] == day)
        trail.append(own)
        rows, requests = rows + len(own), requests + len(drawn.requests)
    trail.close()
    counted.close(truth)
    outbox.planted(words.planted())
    return rows, requests


def _told(made: Callable[[], Outbox], sending: Connection) -> None:
    """Run in the other process: what was posted there, or what went wrong, is sent back."""
    try:
        found: Outbox | Exception = made()
    # Whatever it is, it is raised where the simulation was asked for.
    except Exception as wrong:
        found = wrong
    sending.send_bytes(pickle.dumps(found))
    sending.close()


def _result(receiving: Connection, join: Callable[[], None], exit_code: Callable[[], int | None]) -> Outbox:
    try:
        found = pickle.loads(receiving.recv_bytes())
    except EOFError as ended:
        join()
        raise RuntimeError(f"the process that draws the alerts ended with {exit_code()} before it was done; memory enough?") from ended
    if isinstance(found, Exception):
        raise found
    posted: Outbox = found
    return posted
