"""What stands before every page and answer: the host that was asked for, reading alone, and no outside request ever."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.desk.web.problems import NotServed, problem_json

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Nothing is loaded from anywhere, no script runs, no form is sent, no page is shown inside another's.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Guarded:
    """An application behind these guards. `hosts` are the names it may be asked for by."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app, self.hosts = app, frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # A lifespan begins and ends the server; nothing else (a web socket) is spoken here.
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refused = self._refused(scope)
        # HEAD asks for what GET tells; the server itself leaves the body off.
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        await (problem_json(refused) if refused is not None else self.app)(asked, receive, sending)

    def _refused(self, scope: Scope) -> NotServed | None:
        # A page elsewhere whose name was made to lead to this machine (DNS rebinding) asks under its own name.
        told = Headers(scope=scope).getlist("host")
        if len(told) != 1 or host_name(told[0]) not in self.hosts:
            known = ", ".join(sorted(self.hosts))
            return NotServed(
                421, f"the Host header was expected to be one of {known}. Known by another name too with: tocsin serve --name NAME."
            )
        if scope["method"] not in {"GET", "HEAD"}:
            return NotServed(405, f"GET and HEAD are answered, {scope['method']} is not: what is served is read alone.")
        return None


def host_name(told: str) -> str:
    """The name of a Host header without its port, in small letters: "[::1]:8000" is "::1"."""
    text = told.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0]
