"""What a run stands on: everything that decides its figures and its name, known before anything is worked out."""

from dataclasses import dataclass
from pathlib import Path

from tocsin.deliveries.ledger import Basis, Ledger
from tocsin.deliveries.slots import Expectation
from tocsin.deliveries.store import Store
from tocsin.engines import Engine
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.hub_orders import HUB_ORDERS
from tocsin.feeds.no_sm_wan_incidents import NO_SM_WAN_INCIDENTS
from tocsin.journeys import all_journeys
from tocsin.journeys.incident_cube import FEEDS as INCIDENT_FEEDS
from tocsin.reports.actions import actions_of
from tocsin.reports.actions import digest_of as digest_of_actions
from tocsin.reports.closing import compared_feeds
from tocsin.reports.earlier_runs import EarlierRuns, earlier_runs
from tocsin.reports.frozen_changes import ActionLine
from tocsin.reports.looks import Look, Looking, digest_of, near
from tocsin.reports.opr_lines import OprBasis, opr_basis
from tocsin.reports.received import Received, what_is_owed, what_was_received
from tocsin.reports.restated_months import Since, restated_since
from tocsin.reports.run_store import run_id_of
from tocsin.reports.sign_offs import SignOffJournal, published_by
from tocsin.reports.texts import parameters_digest
from tocsin.vocabulary.calendar import Period, WorkingDays, moment
from tocsin.vocabulary.errors import BadDeclaration

# A future-dated request may have come in, and an Incident have been opened, many months before the month that counts it.
LONG_STORIES = (AUDIT_TRAIL.name, *INCIDENT_FEEDS, HUB_ORDERS.name, NO_SM_WAN_INCIDENTS.name)


@dataclass(frozen=True)
class RunMeans:
    """What a workspace gives to make runs with.

    `engine` works journeys and tallies out; `at_hand`, on this machine, is asked the many small questions that make figures of them.
    """

    engine: Engine
    at_hand: Engine
    store: Store
    runs: Path
    reference: Path
    expectations: tuple[Expectation, ...]
    working_days: WorkingDays
    secret: bytes
    code_version: str
    title: str = ""
    simulated: str = ""
    # The journal of actions; a workspace without one has none.
    actions: Path | None = None
    # The journal of sign-offs and publications: what readers know of months before.
    sign_offs: Path | None = None


@dataclass(frozen=True)
class Standing:
    """A period as known at an instant: the deliveries that stand and those that no longer do, what was received of what was owed, what
    stood on the Working Days of Incidents, the runs and actions that are looked back at, and the run's parameters and name."""

    period: Period
    as_at: int
    basis: Basis
    superseded: Basis
    received: Received
    looks: tuple[Look, ...]
    earlier: EarlierRuns
    actions: tuple[ActionLine, ...]
    regime: OprBasis
    since: Since
    parameters_digest: str
    run_id: str


def standing_at(means: RunMeans, period: Period, as_at: int) -> Standing:
    """What a run of a period stands on as known at an instant.

    Raises BadDeclaration for parameters that do not hold, and where nothing at all had been received by then.
    """
    means.store.make()
    ledger = Ledger(means.store)
    try:
        _refuse_before_anything(ledger, period, as_at)
        basis = ledger.basis(as_at, covering=near(period), from_the_first=LONG_STORIES, registers_until=period.end_at)
        superseded = ledger.superseded(basis, as_at, compared_feeds(all_journeys().values()))
        owing = what_is_owed(means.expectations, period, means.working_days, means.reference)
        received = what_was_received(ledger, basis, owing, period, as_at)
        looks = Looking(ledger, period, owing.slots, means.working_days, means.reference).looks(as_at)
    finally:
        ledger.close()
    earlier = earlier_runs(means.runs, period, as_at)
    month_before = earlier.month_before()
    actions = actions_of(means.actions, period, as_at, month_before.as_at if month_before else None) if means.actions else ()
    published = published_by(SignOffJournal(means.sign_offs).events(), as_at) if means.sign_offs else {}
    since = restated_since(earlier, means.working_days, means.reference, published)
    others = {
        **_others(means, period, superseded, looks, earlier),
        **({"actions": digest_of_actions(actions)} if actions else {}),
        **({"restated": since.named} if since.named else {}),
        # What is told of deliveries taken back: one that stood in nobody's way changes no basis.
        **({"withdrawn": _digest_of_withdrawn(received)} if received.withdrawn else {}),
    }
    parameters = parameters_digest(period, means.reference, others)
    run_id = run_id_of(period, as_at, basis.digest, parameters, means.code_version)
    regime = opr_basis(earlier, means.reference)
    return Standing(period, as_at, basis, superseded, received, looks, earlier, actions, regime, since, parameters, run_id)


def _digest_of_withdrawn(received: Received) -> str:
    return " ".join(f"{line.delivery_id}:{line.withdrawn_at}:{line.by}:{line.reason}" for line in received.withdrawn)


def _refuse_before_anything(ledger: Ledger, period: Period, as_at: int) -> None:
    """A month of which nothing came is a run of no data; a run of before the first file of all came would be a slip in its as-at."""
    if ledger.deliveries(as_at):
        return
    entries = ledger.deliveries()
    asked = f"{period.label} as at {moment(as_at):%Y-%m-%d %H:%M:%S} UTC"
    if not entries:
        raise BadDeclaration(f"{asked}: nothing was ever received in this workspace. Take files in first: tocsin take-in")
    first = min(entry.received_at for entry in entries)
    raise BadDeclaration(
        f"{asked}: nothing had been received by then; the first file of all came {moment(first):%Y-%m-%d %H:%M:%S} UTC. "
        "Say a later --as-at."
    )


def _others(means: RunMeans, period: Period, superseded: Basis, looks: tuple[Look, ...], earlier: EarlierRuns) -> dict[str, str]:
    return {
        "zone": period.zone,
        "calendar": means.working_days.profile,
        "expected": " ".join(sorted(f"{owed.feed}/{owed.sender}/{owed.every}/{owed.since}/{owed.until}" for owed in means.expectations)),
        # An initial that comes after its final changes nothing that stands, and yet the comparison of the two.
        **({"superseded": superseded.digest} if superseded.deliveries else {}),
        # What stood on the Working Days that Incidents are told for, also where another delivery stands by now.
        "looks": digest_of(looks),
        # What is told beside the month (trend, changes, restatements, the year's regime) is told from the runs that were there.
        **({"before": earlier.named} if earlier.named else {}),
        # What is printed on the cover: a run that says less than the workspace does now must not be taken for this one.
        **({"simulated": means.simulated} if means.simulated else {}),
    }
