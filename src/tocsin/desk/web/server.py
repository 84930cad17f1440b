"""The application: pages and the API of one workspace behind their guards. Who calls it gives the clock."""

from collections.abc import Callable, Collection
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp

from tocsin import __version__
from tocsin.desk.web.api import PREFIX, api_of, kept_by
from tocsin.desk.web.dashboard import Now, dashboard, nothing_closed
from tocsin.desk.web.description import described
from tocsin.desk.web.figure_page import figure_page
from tocsin.desk.web.guards import LOOPBACK, Guarded
from tocsin.desk.web.held_runs import HeldRuns
from tocsin.desk.web.problems import NotServed, problem_json
from tocsin.desk.web.received import deliveries_now, feeds_now
from tocsin.desk.web.served_page import ServedPage
from tocsin.desk.workspace import Workspace
from tocsin.reports.blocks import Column, Link, Note, Table
from tocsin.reports.html_page import html_of_page
from tocsin.reports.page import Part
from tocsin.vocabulary.errors import LedgerUnavailable, TocsinError

# An address that a browser asks for of itself.
_ICON = "/favicon.ico"


def application(workspace: Workspace, clock: Callable[[], int], hosts: Collection[str] = LOOPBACK) -> ASGIApp:
    """What a server runs. `clock` gives this instant in µs UTC; `hosts` are the names the server may be asked for by."""
    held = HeldRuns(workspace)
    # FastAPI's own pages of an API load scripts from elsewhere: the description alone is served.
    app = FastAPI(title="tocsin", version=__version__, docs_url=None, redoc_url=None, openapi_url=f"{PREFIX}/openapi.json")
    app.include_router(api_of(held))

    description: dict[str, Any] = {}

    def description_of_api() -> dict[str, Any]:
        # FastAPI asks for it at every request of the description.
        if not description:
            description.update(described(app))
        return description

    app.openapi = description_of_api  # type: ignore[method-assign]  # as FastAPI's own guide changes a description

    @app.get("/", include_in_schema=False)
    def now(month: str | None = None, run: str | None = None) -> Response:
        months, at = held.months(), clock()
        deliveries = deliveries_now(workspace, at)
        if not months and month is None:
            return _page(nothing_closed(deliveries))
        shown = held.run(months[-1] if month is None else month, run)
        feeds = feeds_now(workspace, shown.run.period, deliveries, at)
        return _page(dashboard(shown, Now(at, deliveries, feeds), months, held.runs(shown.run.period.label)))

    @app.get("/figure", include_in_schema=False)
    def figure(request: Request, month: str, name: str, run: str | None = None) -> Response:
        shown = held.run(month, run)
        headers, is_known = kept_by(request, shown)
        if is_known:
            return Response(status_code=304, headers=headers)
        return _page(figure_page(shown, name), headers=headers)

    @app.get(_ICON, include_in_schema=False)
    def icon() -> Response:
        return Response(status_code=204)

    def told(request: Request, problem: NotServed) -> Response:
        return problem_json(problem) if request.url.path.startswith(PREFIX) else _page(_sorry(problem), problem.status)

    @app.exception_handler(NotServed)
    def not_served(request: Request, problem: NotServed) -> Response:
        return told(request, problem)

    @app.exception_handler(RequestValidationError)
    def not_read(request: Request, wrong: RequestValidationError) -> Response:
        first = wrong.errors()[0]
        return told(request, NotServed(400, f"{first['loc'][-1]}: {str(first['msg'])[:1].lower()}{str(first['msg'])[1:]}."))

    @app.exception_handler(HTTPException)
    def not_there(request: Request, wrong: HTTPException) -> Response:
        return told(
            request,
            NotServed(wrong.status_code, f"nothing is served at {request.url.path}. The first page is /, the API's {PREFIX}/months."),
        )

    @app.exception_handler(TocsinError)
    def amiss(request: Request, wrong: TocsinError) -> Response:
        # Where the workspace and its ledger lie is nobody's matter who only reads a page; whoever keeps the server reads its log.
        structlog.get_logger().error("not served", path=request.url.path, reason=str(wrong))
        if isinstance(wrong, LedgerUnavailable):
            return told(request, NotServed(500, "the ledger does not answer: the server's log says why."))
        return told(request, NotServed(500, _without_folders(str(wrong), workspace)))

    @app.exception_handler(OSError)
    def unreadable(request: Request, wrong: OSError) -> Response:
        structlog.get_logger().error("not served", path=request.url.path, reason=str(wrong))
        return told(request, NotServed(500, f"a file of the workspace cannot be read: {wrong.strerror or type(wrong).__name__}."))

    return Guarded(app, hosts)


def _without_folders(words: str, workspace: Workspace) -> str:
    for root in sorted({str(workspace.root), str(workspace.root.resolve())}, key=len, reverse=True):
        words = words.replace(f"{root}/", "")
    return words


def _page(page: ServedPage, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return HTMLResponse(html_of_page(page), status, headers or {"Cache-Control": "no-store"})


def _sorry(problem: NotServed) -> ServedPage:
    first = Table("Other pages", (Column("Page"),), ((Link("How the newest month stands", "/"),),), "There is no other page.")
    return ServedPage(
        heading=problem.title,
        under=f"Status {problem.status}",
        title=problem.title,
        description=problem.title,
        lead=problem.detail,
        parts=(Part("on", "Where to go from here", (Note("Nothing was changed by asking."), first)),),
        footer=f"Served by tocsin {__version__}.",
        code_version=__version__,
        main="message",
    )
