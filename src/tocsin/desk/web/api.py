"""The API: frozen runs as JSON, read alone. Figures have the form of the report's JSON: reports/figures_json.py makes both."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from tocsin import __version__
from tocsin.desk.web.figure_page import figure_of
from tocsin.desk.web.held_runs import HeldRun, HeldRuns
from tocsin.desk.web.problems import NotServed
from tocsin.reports.change_words import change_title
from tocsin.reports.figures_json import LAYOUT, figure_entry, run_facts
from tocsin.vocabulary.calendar import moment

PREFIX = "/api/v1"
# A page of figures; a national month has some fifty thousand.
_PAGE, _MOST = 500, 5_000
# What chooses figures beside the columns of their breakdown.
_CHOSEN_BY = ("measure", "indicator", "status", "unit")
_NOT_COLUMNS = frozenset({*_CHOSEN_BY, "run", "offset", "limit"})

Run = Annotated[str | None, Query(description="Which run of the month; the latest by as-at without it.")]
Offset = Annotated[int, Query(ge=0, description="How many to pass over.")]
Limit = Annotated[int, Query(ge=1, le=_MOST, description="How many to give at most.")]


def api_of(held: HeldRuns) -> APIRouter:
    """The routes of the API over the runs of a workspace."""
    api = APIRouter(prefix=PREFIX, tags=["runs"])

    def answer(request: Request, month: str, run: str | None, told: Callable[[HeldRun], dict[str, Any]]) -> Response:
        one = held.run(month, run)
        tag = etag_of(one)
        # A run is never changed, so its digest and this code's version say whether the answer would be the same.
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if tag in [word.strip().removeprefix("W/") for word in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        return JSONResponse({"layout": LAYOUT, "run": run_facts(one.run) | _standing(one), **told(one)}, headers=headers)

    @api.get("/months", summary="Months that have a run, oldest first, each with its latest run")
    def months(offset: Offset = 0, limit: Limit = _PAGE) -> JSONResponse:
        labels = held.months()
        found = [
            {"month": label, "runs": len(held.runs(label)), "latest": _glance(held.glance(label))}
            for label in labels[offset : offset + limit]
        ]
        return JSONResponse({"layout": LAYOUT, **_paged(len(labels), offset, limit), "months": found})

    @api.get("/months/{month}", summary="Every run of a month, oldest as-at first")
    def runs(month: str, offset: Offset = 0, limit: Limit = _PAGE) -> JSONResponse:
        names = held.runs(month)
        found = [_glance(held.glance(month, name)) for name in names[offset : offset + limit]]
        return JSONResponse({"layout": LAYOUT, "month": month, **_paged(len(names), offset, limit), "runs": found})

    @api.get("/months/{month}/run", summary="A run: as at, basis, state, what it waits for, how many figures of what")
    def one_run(request: Request, month: str, run: Run = None) -> Response:
        return answer(request, month, run, _contents)

    @api.get("/months/{month}/figures", summary="Figures of a run, chosen by subject, indicator, status or any column of their breakdown")
    def figures(
        *,
        request: Request,
        month: str,
        run: Run = None,
        measure: Annotated[str | None, Query(description="A measure, Business Process or area, such as cpm_5.")] = None,
        indicator: Annotated[str | None, Query(description="Such as success_rate; empty for a measure's own.")] = None,
        status: Annotated[str | None, Query(description="Such as met, below_target, no_data, incomplete.")] = None,
        unit: Annotated[str | None, Query(description="percent, seconds or count.")] = None,
        offset: Offset = 0,
        limit: Limit = _PAGE,
    ) -> Response:
        asked = {"subject": measure, "indicator": indicator, "status": status, "unit": unit}
        by_column = {name: value for name, value in request.query_params.items() if name not in _NOT_COLUMNS}

        def told(one: HeldRun) -> dict[str, Any]:
            for name in by_column:
                if name not in one.columns:
                    known = ", ".join((*_CHOSEN_BY, *sorted(one.columns)))
                    raise NotServed(400, f'"{name}" was found, by which no figure can be chosen. Expected: {known}.')
            found = [
                figure
                for figure in one.run.figures
                if all(value is None or getattr(figure, field) == value for field, value in asked.items())
                and by_column.items() <= dict(figure.breakdown).items()
            ]
            return {**_paged(len(found), offset, limit), "figures": [figure_entry(figure) for figure in found[offset : offset + limit]]}

        return answer(request, month, run, told)

    @api.get("/months/{month}/figure", summary="One figure by its name")
    def figure(request: Request, month: str, name: Annotated[str, Query(description="As in figures.")], run: Run = None) -> Response:
        return answer(request, month, run, lambda one: {"figure": figure_entry(figure_of(one, name))})

    @api.get("/months/{month}/changes", summary="What changed since the month before, severest first")
    def changes(request: Request, month: str, run: Run = None, offset: Offset = 0, limit: Limit = _PAGE) -> Response:
        return answer(request, month, run, lambda one: _lines("changes", _changes(one), offset, limit))

    @api.get("/months/{month}/slots", summary="What was owed, by whom and by when, and how it stood as at the run")
    def slots(request: Request, month: str, run: Run = None, offset: Offset = 0, limit: Limit = _PAGE) -> Response:
        return answer(request, month, run, lambda one: _lines("slots", _slots(one), offset, limit))

    @api.get("/months/{month}/deliveries", summary="The deliveries a run rests on: counts of rows and status, no names of files")
    def deliveries(request: Request, month: str, run: Run = None, offset: Offset = 0, limit: Limit = _PAGE) -> Response:
        return answer(request, month, run, lambda one: _lines("deliveries", _deliveries(one), offset, limit))

    return api


def etag_of(held: HeldRun) -> str:
    """What an answer about a run rests on: the run, whether it is the latest, and the code that tells it."""
    return f'"{held.digest[:32]}-{int(held.is_latest)}-{__version__}"'


def _standing(held: HeldRun) -> dict[str, Any]:
    return {"digest": held.digest, "is_latest": held.is_latest}


def _glance(held: HeldRun) -> dict[str, Any]:
    facts = run_facts(held.run)
    # A glance holds none of these, and an empty one would say that nothing is waited for.
    for left_out in ("provisional_because", "waits", "title", "simulated"):
        del facts[left_out]
    return facts | _standing(held)


def _paged(total: int, offset: int, limit: int) -> dict[str, Any]:
    return {"total": total, "offset": offset, "limit": limit, "next_offset": offset + limit if offset + limit < total else None}


def _lines(name: str, lines: Iterable[dict[str, Any]], offset: int, limit: int) -> dict[str, Any]:
    told = list(lines)
    return {**_paged(len(told), offset, limit), name: told[offset : offset + limit]}


def _contents(held: HeldRun) -> dict[str, Any]:
    subjects: dict[str, int] = {}
    for figure in held.run.figures:
        subjects[figure.subject] = subjects.get(figure.subject, 0) + 1
    return {"figures": len(held.run.figures), "subjects": subjects, "columns": sorted(held.columns)}


def _changes(held: HeldRun) -> list[dict[str, Any]]:
    """As `tocsin changes --format json` prints them."""
    return [
        {
            "key": line.key, "kind": line.kind, "title": change_title(held.run, line), "before": line.before or None, "now": line.now,
            "change": line.change or None, "unit": line.unit, "events": line.events, "since": line.since, "months": line.months,
            "against": line.against or None, "figure": line.figure or None,
        }
        for line in held.run.changes.lines
    ]  # fmt: skip


def _slots(held: HeldRun) -> list[dict[str, Any]]:
    return [
        {
            "feed": line.feed, "sender": line.sender, "covers": line.covers, "due_at": _instant(line.due_at), "state": line.state,
            "filled_at": _instant(line.filled_at),
        }
        for line in held.run.slots
    ]  # fmt: skip


def _deliveries(held: HeldRun) -> list[dict[str, Any]]:
    """Those that stand, and after them those whose slot another fills (`stands`), of whose rows the run tells nothing."""
    return [
        {
            "delivery": line.delivery_id, "feed": line.feed, "sender": line.sender, "covers": line.covers, "submission": line.submission,
            "received_at": _instant(line.received_at), "lines": line.lines, "accepted": line.accepted, "refused": line.refused,
            "duplicates": line.duplicates, "status": "stands", "stands": line.delivery_id,
        }
        for line in held.run.deliveries
    ] + [
        {
            "delivery": line.delivery_id, "feed": line.feed, "sender": line.sender, "covers": line.covers, "submission": line.submission,
            "received_at": _instant(line.received_at), "lines": None, "accepted": None, "refused": None, "duplicates": None,
            "status": "superseded", "stands": line.stands,
        }
        for line in held.run.superseded
    ]  # fmt: skip


def _instant(at: int | None) -> str | None:
    return None if at is None else f"{moment(at):%Y-%m-%dT%H:%M:%S.%fZ}"
