"""What is wrong with a request, told to a program (RFC 9457, problem+json)."""

from starlette.responses import JSONResponse

# The words that stand for a status; their number is the contract, the detail says what to do.
TITLES = {
    400: "The request cannot be read",
    404: "There is no such thing here",
    405: "Nothing can be changed here",
    421: "This is not the host that was asked for",
    500: "The workspace cannot be read",
}


class NotServed(Exception):
    """A request that has no answer: its status, and a sentence that says what was expected and found."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail

    @property
    def title(self) -> str:
        return TITLES.get(self.status, "The request has no answer")


def problem_json(problem: NotServed) -> JSONResponse:
    """The problem as a response."""
    told = {"type": "about:blank", "title": problem.title, "status": problem.status, "detail": problem.detail}
    headers = {"Allow": "GET, HEAD"} if problem.status == 405 else None
    return JSONResponse(told, problem.status, headers, "application/problem+json")
