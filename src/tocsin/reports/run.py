"""A run: a period closed as known at an instant, every figure made, and all of it frozen (architecture section 3)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from tocsin.reports.alert_lines import alert_lines
from tocsin.reports.change_splits import Splitting
from tocsin.reports.changes import change_lines
from tocsin.reports.closing import Close, close_journeys, compared_feeds
from tocsin.reports.counting import count_journeys
from tocsin.reports.deadlines import judged, pmr_deadlines
from tocsin.reports.earlier_runs import EarlierRuns, earlier_runs
from tocsin.reports.figuring import Figured, Figuring, counters_of, make_figures
from tocsin.reports.frozen import FrozenRun, JourneyLine
from tocsin.reports.incident_lines import incident_lines
from tocsin.reports.looks import Look, Looking, digest_of, near
from tocsin.reports.oddities import odd_happenings
from tocsin.reports.opr_lines import OprBasis, opr_basis, opr_lines
from tocsin.reports.provider_words import provider_words
from tocsin.reports.received import Received, what_is_owed, what_was_received
from tocsin.reports.restated_months import restated_since, restatements
from tocsin.reports.rhythm import Rhythm, rhythm_lines
from tocsin.reports.run_store import being_made, one_close_at_a_time, read_run, run_id_of, runs_of, write_run
from tocsin.reports.texts import area_texts, assumption_lines, feed_lines, measure_texts, parameters_digest, process_texts, word_lines
from tocsin.reports.trend import trend_lines, trend_month
from tocsin.vocabulary.calendar import Period, WorkingDays

# A future-dated request may have come in, and an Incident have been opened, many months before the month that counts it.
LONG_STORIES = (AUDIT_TRAIL.name, *INCIDENT_FEEDS, HUB_ORDERS.name, NO_SM_WAN_INCIDENTS.name)

Progress = Callable[[str], None]


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


@dataclass(frozen=True)
class Named:
    """What a run is called, when it was made, the digest of its parameters, its folder, and what it looks back at."""

    run_id: str
    made_at: int
    parameters_digest: str
    folder: Path
    earlier: EarlierRuns
    regime: OprBasis


def close_period(means: RunMeans, period: Period, as_at: int, made_at: int, progress: Progress = lambda step: None) -> FrozenRun:
    """Close a period as known at `as_at` and freeze the run; the run that is there already where nothing it rests on differs.

    Raises EngineUnavailable, BadDeclaration; a run that fails half-way leaves nothing behind.
    """
    means.store.make()
    ledger = Ledger(means.store)
    try:
        basis = ledger.basis(as_at, covering=near(period), from_the_first=LONG_STORIES)
        superseded = ledger.superseded(basis, as_at, compared_feeds(all_journeys().values()))
        owing = what_is_owed(means.expectations, period, means.working_days, means.reference)
        received = what_was_received(ledger, basis, owing, period, as_at)
        looks = Looking(ledger, period, owing.slots, means.working_days, means.reference).looks(as_at)
    finally:
        ledger.close()
    earlier = earlier_runs(means.runs, period, as_at)
    month_before = earlier.month_before()
    actions = actions_of(means.actions, period, as_at, month_before.as_at if month_before else None) if means.actions else ()
    regime = opr_basis(earlier, means.reference)
    since = restated_since(earlier, means.working_days, means.reference)
    others = _others(means, period, superseded, looks, earlier) | ({"actions": digest_of_actions(actions)} if actions else {})
    others |= {"restated": since.named} if since.named else {}
    parameters = parameters_digest(period, means.reference, others)
    run_id = run_id_of(period, as_at, basis.digest, parameters, means.code_version)
    if run_id in runs_of(means.runs, period):
        return read_run(means.runs, period, run_id)

    with one_close_at_a_time(means.store.root, means.runs, lambda: progress("waiting for another close of this workspace")):
        if run_id in runs_of(means.runs, period):
            return read_run(means.runs, period, run_id)
        with being_made(means.runs, period, run_id) as folder, means.engine.kept() as engine, means.at_hand.kept() as at_hand:
            means = replace(means, engine=engine, at_hand=at_hand)
            close = Close(period, as_at, basis, engine, means.store.root, means.reference, superseded, looks)
            run = _worked_out(means, close, received, Named(run_id, made_at, parameters, folder, earlier, regime), progress)
            changes = change_lines(Splitting(at_hand, run, folder, earlier, means.reference, means.secret), actions)
            run = replace(run, changes=changes, restated=restatements(since, earlier, run))
            write_run(run, folder)
    return run


def _worked_out(means: RunMeans, close: Close, received: Received, named: Named, progress: Progress) -> FrozenRun:
    """Journeys, tallies, figures: everything of a run, its tallies and ladders written below its folder."""
    period = close.period
    closed = close_journeys(close, tuple(all_journeys().values()), progress)
    progress("counting")
    counted = {
        name: count_journeys(means.engine, table, counters_of(name, period.first_on, means.reference), named.folder)
        for name, table in closed.items()
    }
    oddities = [line for table in closed.values() for line in odd_happenings(means.engine, table)]
    progress("making figures")
    made = make_figures(means.at_hand, counted, Figuring(period, received.presence, means.reference, means.secret, close.looks))
    reasons = _why_provisional(close, received, made)
    measures = measure_texts(period, means.reference)
    deadlines = pmr_deadlines(period, means.working_days, means.reference)
    own = trend_month(period.label, named.run_id, made.figures, measures, is_complete=not reasons)
    return FrozenRun(
        run_id=named.run_id,
        period=period,
        as_at=close.as_at,
        made_at=named.made_at,
        code_version=means.code_version,
        engine=means.engine.name,
        parameters_digest=named.parameters_digest,
        basis_digest=close.basis.digest,
        is_complete=not reasons,
        figures=made.figures,
        deliveries=received.deliveries,
        refused_files=received.refused_files,
        findings=received.findings,
        slots=received.slots,
        oddities=tuple(oddities),
        measures=measures,
        processes=process_texts(),
        areas=area_texts(),
        assumptions=assumption_lines(period, means.reference),
        days=made.days,
        incident_cube=made.incident_cube,
        open_breached=made.open_breached,
        incidents=incident_lines(means.at_hand, closed, close.looks),
        alerts=alert_lines(means.at_hand, closed, period.first_on, means.reference),
        trend=trend_lines(named.earlier, own),
        provider_words=provider_words(means.at_hand, closed, period.first_on, means.reference),
        feeds=feed_lines(),
        rhythm=rhythm_lines(Rhythm(means.engine, period.first_on, means.reference), closed),
        opr=opr_lines(named.regime, named.run_id, made.figures),
        deadlines=judged(deadlines, close.as_at, is_complete=not reasons, before=named.earlier.own_run()),
        words=word_lines(period.first_on, means.reference),
        provisional_because=reasons,
        journeys=tuple(JourneyLine(name, table.version, table.rows) for name, table in closed.items()),
        repeated_files=received.repeated_files,
        superseded=received.superseded,
        silences=received.silences,
        later_slots=received.later_slots,
        title=means.title,
        simulated=means.simulated,
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


def _why_provisional(close: Close, received: Received, made: Figured) -> tuple[str, ...]:
    reasons = [f"{count} owed {feed.replace('_', ' ')} files are not in." for feed, count in received.unfilled.items()]
    if close.as_at < close.period.end_at:
        reasons.insert(0, "The period was not over at the as-at instant.")
    if received.later_missing:
        reasons.append(
            f"{received.later_missing} owed audit trail files of the two days after the period are not in: late answers would be in them."
        )
    if waiting := sum(1 for figure in made.figures if "provisional" in figure.marks):
        reasons.append(f"{waiting} figures leave out what is still inside its waiting time.")
    return tuple(reasons)
