"""The API: frozen runs as JSON and CSV, read alone. Figures have the form of the report's own (figures_json.py, figure_files.py)."""

from collections.abc import Callable, Iterable
from email.utils import format_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from tocsin import __version__
from tocsin.desk.web import answers
from tocsin.desk.web.description import PROBLEMS, of_a_run, of_csv
from tocsin.desk.web.figure_page import figure_of
from tocsin.desk.web.held_runs import HeldRun, HeldRuns
from tocsin.desk.web.parameters import chosen_figures, only_known, told_once
from tocsin.desk.web.run_lines import Line, change_lines, chosen_lines, delivery_lines, figure_csv, lines_csv, slot_lines
from tocsin.reports.figures_json import LAYOUT, figure_entry, run_facts
from tocsin.vocabulary.calendar import moment

PREFIX = "/api/v1"
# A page of figures; a national month has some fifty thousand, and three thousand are one and a half megabytes.
_PAGE, _MOST = 500, 3_000
# Each run of a month is looked into for this.
_RUNS_PAGE = 50

Run = Annotated[str | None, Query(description="Which run of the month; the latest by as-at without it.")]
Offset = Annotated[int, Query(ge=0, description="How many to pass over.")]
Limit = Annotated[int, Query(ge=1, le=_MOST, description="How many to give at most.")]
Measure = Annotated[str | None, Query(description="A measure, Business Process or area, such as cpm_5.")]
Indicator = Annotated[str | None, Query(description="Such as success_rate; empty for a measure's own.")]
StatusWord = Annotated[str | None, Query(description="Such as met, below_target, no_data, incomplete.")]
Unit = Annotated[str | None, Query(description="percent, seconds or count.")]
Kind = Annotated[str | None, Query(description="Such as below_minimum, fell, incomplete, missing.")]
FeedName = Annotated[str | None, Query(description="Such as audit_trail.")]
Sender = Annotated[str | None, Query(description="Such as DSP.")]
State = Annotated[str | None, Query(description="on_time, late, missing, not_due_yet or not_expected.")]
Standing = Annotated[str | None, Query(description="stands, superseded or withdrawn.")]

_BY_COLUMN = (
    "Any column of a breakdown chooses too, such as `region=north`: `columns` of the run lists them. "
    "Figures stand in the order of the report, which stays the same for a run."
)


def api_of(held: HeldRuns) -> APIRouter:
    """The routes of the API over the runs of a workspace."""
    api = APIRouter(prefix=PREFIX, tags=["runs"], responses=PROBLEMS, dependencies=[Depends(told_once)])
    strict = [Depends(only_known)]

    def answer(request: Request, month: str, run: str | None, told: Callable[[HeldRun], dict[str, Any]]) -> Response:
        one, headers, is_known = _asked(request, held, month, run)
        if is_known:
            return Response(status_code=304, headers=headers)
        facts = run_facts(one.run) | {"digest": one.digest, "is_latest": one.is_latest}
        return JSONResponse({"layout": LAYOUT, "run": facts, **told(one)}, headers=headers)

    def table(request: Request, month: str, run: str | None, told: Callable[[HeldRun], Iterable[str]]) -> Response:
        one, headers, is_known = _asked(request, held, month, run)
        if is_known:
            return Response(status_code=304, headers=headers)
        return StreamingResponse(told(one), media_type="text/csv; charset=utf-8", headers=headers)

    @api.get(
        "/months", summary="Months that have a run, oldest first, each with its latest run", responses={200: {"model": answers.Months}},
        dependencies=strict,
    )  # fmt: skip
    def months(offset: Offset = 0, limit: Limit = _RUNS_PAGE) -> JSONResponse:
        labels = held.months()
        found = [
            {"month": label, "runs": len(held.runs(label)), "latest": _glance(held.glance(label))}
            for label in labels[offset : offset + limit]
        ]
        return JSONResponse({"layout": LAYOUT, **_paged(len(labels), offset, limit), "months": found})

    @api.get(
        "/months/{month}", summary="Every run of a month, oldest as-at first", responses={200: {"model": answers.Runs}},
        dependencies=strict,
    )  # fmt: skip
    def runs(month: str, offset: Offset = 0, limit: Limit = _RUNS_PAGE) -> JSONResponse:
        names = held.runs(month)
        found = [_glance(held.glance(month, name)) for name in names[offset : offset + limit]]
        return JSONResponse({"layout": LAYOUT, "month": month, **_paged(len(names), offset, limit), "runs": found})

    @api.get(
        "/months/{month}/run", summary="A run: as at, basis, state, what it waits for, how many figures of what",
        responses=of_a_run(answers.OneRun), dependencies=strict,
    )  # fmt: skip
    def one_run(request: Request, month: str, run: Run = None) -> Response:
        return answer(request, month, run, _contents)

    @api.get(
        "/months/{month}/figures", summary="Figures of a run, chosen by subject, indicator, status or any column of their breakdown",
        description=_BY_COLUMN, responses=of_a_run(answers.Figures),
    )  # fmt: skip
    def figures(
        *, request: Request, month: str, run: Run = None, measure: Measure = None, indicator: Indicator = None,
        status: StatusWord = None, unit: Unit = None, offset: Offset = 0, limit: Limit = _PAGE,
    ) -> Response:  # fmt: skip
        asked = {"measure": measure, "indicator": indicator, "status": status, "unit": unit}

        def told(one: HeldRun) -> dict[str, Any]:
            found = chosen_figures(request, one, asked)
            return {**_paged(len(found), offset, limit), "figures": [figure_entry(figure) for figure in found[offset : offset + limit]]}

        return answer(request, month, run, told)

    @api.get(
        "/months/{month}/figures.csv", summary="The same as CSV, all of them in one", description=_BY_COLUMN,
        responses=of_csv("Figures as in figures.csv of the report"), response_class=StreamingResponse,
    )  # fmt: skip
    def figures_table(
        *, request: Request, month: str, run: Run = None, measure: Measure = None, indicator: Indicator = None,
        status: StatusWord = None, unit: Unit = None,
    ) -> Response:  # fmt: skip
        asked = {"measure": measure, "indicator": indicator, "status": status, "unit": unit}
        return table(request, month, run, lambda one: figure_csv(chosen_figures(request, one, asked)))

    @api.get(
        "/months/{month}/figure", summary="One figure by its name", responses=of_a_run(answers.OneFigure), dependencies=strict,
    )  # fmt: skip
    def figure(request: Request, month: str, name: Annotated[str, Query(description="As in figures.")], run: Run = None) -> Response:
        return answer(request, month, run, lambda one: {"figure": figure_entry(figure_of(one, name))})

    @api.get(
        "/months/{month}/changes", summary="What changed since the month before, severest first",
        responses=of_a_run(answers.Changes), dependencies=strict,
    )  # fmt: skip
    def changes(*, request: Request, month: str, run: Run = None, kind: Kind = None, offset: Offset = 0, limit: Limit = _PAGE) -> Response:
        return answer(request, month, run, lambda one: _page("changes", chosen_lines(change_lines(one), {"kind": kind}), offset, limit))

    @api.get(
        "/months/{month}/changes.csv", summary="The same as CSV, all of them in one", responses=of_csv("What changed"),
        response_class=StreamingResponse, dependencies=strict,
    )  # fmt: skip
    def changes_table(request: Request, month: str, run: Run = None, kind: Kind = None) -> Response:
        return table(request, month, run, lambda one: _csv(answers.Change, chosen_lines(change_lines(one), {"kind": kind})))

    @api.get(
        "/months/{month}/slots", summary="What was owed, by whom and by when, and how it stood as at the run",
        responses=of_a_run(answers.Slots), dependencies=strict,
    )  # fmt: skip
    def slots(
        *, request: Request, month: str, run: Run = None, feed: FeedName = None, sender: Sender = None, state: State = None,
        offset: Offset = 0, limit: Limit = _PAGE,
    ) -> Response:  # fmt: skip
        asked = {"feed": feed, "sender": sender, "state": state}
        return answer(request, month, run, lambda one: _page("slots", chosen_lines(slot_lines(one), asked), offset, limit))

    @api.get(
        "/months/{month}/slots.csv", summary="The same as CSV, all of them in one", responses=of_csv("What was owed"),
        response_class=StreamingResponse, dependencies=strict,
    )  # fmt: skip
    def slots_table(
        *, request: Request, month: str, run: Run = None, feed: FeedName = None, sender: Sender = None, state: State = None
    ) -> Response:
        asked = {"feed": feed, "sender": sender, "state": state}
        return table(request, month, run, lambda one: _csv(answers.Slot, chosen_lines(slot_lines(one), asked)))

    @api.get(
        "/months/{month}/deliveries", summary="The deliveries a run rests on: counts of rows and status, no names of files",
        responses=of_a_run(answers.Deliveries), dependencies=strict,
    )  # fmt: skip
    def deliveries(
        *, request: Request, month: str, run: Run = None, feed: FeedName = None, sender: Sender = None, status: Standing = None,
        offset: Offset = 0, limit: Limit = _PAGE,
    ) -> Response:  # fmt: skip
        asked = {"feed": feed, "sender": sender, "status": status}
        return answer(request, month, run, lambda one: _page("deliveries", chosen_lines(delivery_lines(one), asked), offset, limit))

    @api.get(
        "/months/{month}/deliveries.csv", summary="The same as CSV, all of them in one", responses=of_csv("Deliveries"),
        response_class=StreamingResponse, dependencies=strict,
    )  # fmt: skip
    def deliveries_table(
        *, request: Request, month: str, run: Run = None, feed: FeedName = None, sender: Sender = None, status: Standing = None
    ) -> Response:
        asked = {"feed": feed, "sender": sender, "status": status}
        return table(request, month, run, lambda one: _csv(answers.Delivery, chosen_lines(delivery_lines(one), asked)))

    return api


def etag_of(held: HeldRun) -> str:
    """What an answer about a run rests on: the run, whether it is the latest, and the code that tells it."""
    return f'"{held.digest[:32]}-{int(held.is_latest)}-{__version__}"'


def kept_by(request: Request, held: HeldRun) -> tuple[dict[str, str], bool]:
    """The headers by which an answer about a run may be kept, and whether the one who asks has it already."""
    tag = etag_of(held)
    # The run was made once, but its answer also says whether it is the latest: only the ETag says that nothing changed.
    made_at = format_datetime(moment(held.run.made_at).replace(microsecond=0), usegmt=True)
    asked = [word.strip().removeprefix("W/") for word in request.headers.get("if-none-match", "").split(",")]
    return {"ETag": tag, "Last-Modified": made_at, "Cache-Control": "no-cache"}, tag in asked or "*" in asked


def _asked(request: Request, held: HeldRuns, month: str, run: str | None) -> tuple[HeldRun, dict[str, str], bool]:
    one = held.run(month, run)
    return one, *kept_by(request, one)


def _glance(held: HeldRun) -> dict[str, Any]:
    facts = run_facts(held.run)
    # A glance holds none of these, and an empty one would say that nothing is waited for.
    for left_out in ("provisional_because", "waits", "title", "simulated"):
        del facts[left_out]
    return facts | {"digest": held.digest, "is_latest": held.is_latest}


def _paged(total: int, offset: int, limit: int) -> dict[str, Any]:
    return {"total": total, "offset": offset, "limit": limit, "next_offset": offset + limit if offset + limit < total else None}


def _page(name: str, lines: list[Line], offset: int, limit: int) -> dict[str, Any]:
    return {**_paged(len(lines), offset, limit), name: lines[offset : offset + limit]}


def _csv(model: type[answers.Answer], lines: list[Line]) -> Iterable[str]:
    return lines_csv(tuple(model.model_fields), lines)


def _contents(held: HeldRun) -> dict[str, Any]:
    subjects: dict[str, int] = {}
    for figure in held.run.figures:
        subjects[figure.subject] = subjects.get(figure.subject, 0) + 1
    return {"figures": len(held.run.figures), "subjects": subjects, "columns": sorted(held.columns)}
