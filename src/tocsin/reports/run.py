"""A run: a period closed as known at an instant, every figure made, and all of it frozen (architecture section 3)."""

from dataclasses import replace

from tocsin.reports.alert_lines import alert_lines
from tocsin.reports.change_splits import Splitting
from tocsin.reports.changes import change_lines
from tocsin.reports.deadlines import judged, pmr_deadlines
from tocsin.reports.figuring import Figured
from tocsin.reports.frozen import FrozenRun, JourneyLine
from tocsin.reports.incident_lines import incident_lines
from tocsin.reports.oddities import odd_happenings
from tocsin.reports.opr_lines import opr_lines
from tocsin.reports.provider_words import provider_words
from tocsin.reports.restated_months import restatements
from tocsin.reports.rhythm import Rhythm, rhythm_lines
from tocsin.reports.run_store import being_made, one_close_at_a_time, read_run, runs_of, write_run
from tocsin.reports.standing import RunMeans, Standing, standing_at
from tocsin.reports.texts import area_texts, assumption_lines, feed_lines, measure_texts, process_texts, word_lines
from tocsin.reports.trend import trend_lines, trend_month
from tocsin.reports.waits import wait_lines
from tocsin.reports.worked_out import Progress, WorkedOut, work_out_figures
from tocsin.vocabulary.calendar import Period


def close_period(means: RunMeans, period: Period, as_at: int, made_at: int, progress: Progress = lambda step: None) -> FrozenRun:
    """Close a period as known at `as_at` and freeze the run; the run that is there already where nothing it rests on differs.

    Raises EngineUnavailable, BadDeclaration; a run that fails half-way leaves nothing behind.
    """
    standing = standing_at(means, period, as_at)
    run_id = standing.run_id
    if run_id in runs_of(means.runs, period):
        return read_run(means.runs, period, run_id)

    with one_close_at_a_time(means.store.root, means.runs, lambda: progress("waiting for another close of this workspace")):
        if run_id in runs_of(means.runs, period):
            return read_run(means.runs, period, run_id)
        with being_made(means.runs, period, run_id) as folder, means.engine.kept() as engine, means.at_hand.kept() as at_hand:
            means = replace(means, engine=engine, at_hand=at_hand)
            found = work_out_figures(means, standing, means.store.root, folder, progress)
            run = _frozen(means, standing, found, made_at)
            splitting = Splitting(at_hand, run, folder, standing.earlier, means.reference, means.secret)
            changes = change_lines(splitting, standing.actions)
            run = replace(run, changes=changes, restated=restatements(standing.since, standing.earlier, run))
            write_run(run, folder)
    return run


def _frozen(means: RunMeans, standing: Standing, found: WorkedOut, made_at: int) -> FrozenRun:
    """The run, but for what only a frozen one can be compared by: what changed, what was restated."""
    period, closed, made, received = standing.period, found.journeys, found.made, standing.received
    reasons = _why_provisional(standing, made)
    measures = measure_texts(period, means.reference)
    deadlines = pmr_deadlines(period, means.working_days, means.reference)
    own = trend_month(period.label, standing.run_id, made.figures, measures, is_complete=not reasons)
    return FrozenRun(
        run_id=standing.run_id,
        period=period,
        as_at=standing.as_at,
        made_at=made_at,
        code_version=means.code_version,
        engine=means.engine.name,
        parameters_digest=standing.parameters_digest,
        basis_digest=standing.basis.digest,
        is_complete=not reasons,
        figures=made.figures,
        deliveries=received.deliveries,
        refused_files=received.refused_files,
        findings=received.findings,
        slots=received.slots,
        oddities=tuple(line for table in closed.values() for line in odd_happenings(means.engine, table)),
        measures=measures,
        processes=process_texts(),
        areas=area_texts(),
        assumptions=assumption_lines(period, means.reference),
        days=made.days,
        incident_cube=made.incident_cube,
        open_breached=made.open_breached,
        incidents=incident_lines(means.at_hand, closed, standing.looks),
        alerts=alert_lines(means.at_hand, closed, period.first_on, means.reference),
        trend=trend_lines(standing.earlier, own),
        provider_words=provider_words(means.at_hand, closed, period.first_on, means.reference),
        feeds=feed_lines(),
        waits=wait_lines(received, period, means.reference),
        rhythm=rhythm_lines(Rhythm(means.engine, period.first_on, means.reference), closed),
        opr=opr_lines(standing.regime, standing.run_id, made.figures),
        deadlines=judged(deadlines, standing.as_at, is_complete=not reasons, before=standing.earlier.own_run()),
        words=word_lines(period.first_on, means.reference),
        provisional_because=reasons,
        journeys=tuple(JourneyLine(name, table.version, table.rows) for name, table in closed.items()),
        repeated_files=received.repeated_files,
        superseded=received.superseded,
        silences=received.silences,
        withdrawn=received.withdrawn,
        later_slots=received.later_slots,
        title=means.title,
        simulated=means.simulated,
    )


def _files(count: int, which: str = "") -> str:
    return f"file{which} is" if count == 1 else f"files{which} are"


def _why_provisional(standing: Standing, made: Figured) -> tuple[str, ...]:
    received = standing.received
    reasons = [f"{count} owed {feed.replace('_', ' ')} {_files(count)} not in." for feed, count in received.unfilled.items()]
    if standing.as_at < standing.period.end_at:
        reasons.insert(0, "The period was not over at the as-at instant.")
    if received.later_missing:
        reasons.append(
            f"{received.later_missing} owed audit trail {_files(received.later_missing, ' of the two days after the period')} not in:"
            f" late answers would be in {'it' if received.later_missing == 1 else 'them'}."
        )
    if waiting := sum(1 for figure in made.figures if "provisional" in figure.marks):
        reasons.append(f"{waiting} figures leave out what is still inside its waiting time.")
    return tuple(reasons)
