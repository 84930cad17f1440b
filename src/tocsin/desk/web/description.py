"""The API's description (OpenAPI 3.1): what a route answers when all is well, and that a problem is told as problem+json."""

from typing import Any

from fastapi import FastAPI

from tocsin.desk.web.answers import Problem

_NOT_CHANGED = {"description": "The answer is the one whose ETag was sent with If-None-Match."}
_HEADERS = {
    "ETag": {"description": "The same for as long as the answer is.", "schema": {"type": "string"}},
    "Last-Modified": {"description": "When the run was made. Ask again by the ETag.", "schema": {"type": "string"}},
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "The request cannot be read: what was found and what was expected."},
    404: {"model": Problem, "description": "There is no such month, run or figure: what there is."},
    "default": {
        "model": Problem,
        "description": "Another host (421), another method (405), a broken workspace (500).",
    },
}


def of_a_run(model: Any) -> dict[int | str, dict[str, Any]]:
    """What a route about a run may answer."""
    return {200: {"model": model, "headers": _HEADERS, "description": "Of the run."}, 304: _NOT_CHANGED}


def of_csv(what: str) -> dict[int | str, dict[str, Any]]:
    """What a route of CSV may answer."""
    content = {"text/csv": {"schema": {"type": "string"}}}
    told = f"{what}, as CSV (RFC 4180, UTF-8) with a line of columns."
    return {200: {"content": content, "headers": _HEADERS, "description": told}, 304: _NOT_CHANGED}


def described(app: FastAPI) -> dict[str, Any]:
    """The description, made once. FastAPI writes every model as application/json; a problem's own type is put in its place."""
    told = FastAPI.openapi(app)
    for path in told["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                if status not in ("200", "304") and "application/json" in content:
                    content["application/problem+json"] = content.pop("application/json")
    return told
