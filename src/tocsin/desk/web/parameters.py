"""What may be asked of the API: a word that chooses nothing is refused and never passed over, for its answer would look like all."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.routing import APIRoute

from tocsin.desk.web.held_runs import HeldRun
from tocsin.desk.web.problems import NotServed
from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import STATUS_WORDS
from tocsin.reports.wording import UNITS

_FIELDS = {"measure": "subject"}


def told_once(request: Request) -> None:
    """Raises NotServed (400) for a word that is given twice: one of the two would be passed over."""
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if names.count(name) > 1:
            raise NotServed(400, f'"{name}" was found {names.count(name)} times, expected once.')


def only_known(request: Request) -> None:
    """Raises NotServed (400) for a word that a route does not know."""
    known = _known(request)
    for name in request.query_params:
        if name not in known:
            raise NotServed(400, f'"{name}" was found, which says nothing here. Expected: {", ".join(known) or "nothing"}.')


def chosen_figures(request: Request, held: HeldRun, asked: Mapping[str, str | None]) -> list[Figure]:
    """The figures that are asked for, in the order of the run. Raises NotServed (400) for what no figure can be chosen by."""
    own = _known(request)
    by_column = {name: value for name, value in request.query_params.items() if name not in own}
    for name in by_column:
        if name not in held.columns:
            known = ", ".join((*own, *sorted(held.columns)))
            raise NotServed(400, f'"{name}" was found, by which no figure can be chosen. Expected: {known}.')
    run = held.run
    named = (*(one.name for one in run.measures), *(one.name for one in run.processes), *(one.name for one in run.areas))
    known_words = {"measure": dict.fromkeys((*named, *sorted(held.subjects))), "status": STATUS_WORDS, "unit": UNITS}
    for name, words in known_words.items():
        value = asked[name]
        if value is not None and value not in words:
            raise NotServed(400, f'{name}: "{value}" was found. Expected one of: {", ".join(words)}.')
    wanted = {_FIELDS.get(name, name): value for name, value in asked.items() if value is not None}
    return [
        figure
        for figure in run.figures
        if all(getattr(figure, field) == value for field, value in wanted.items()) and by_column.items() <= dict(figure.breakdown).items()
    ]


def _known(request: Request) -> tuple[str, ...]:
    """The query parameters that the route declares."""
    route = request.scope["route"]
    return tuple(parameter.alias for parameter in route.dependant.query_params) if isinstance(route, APIRoute) else ()
