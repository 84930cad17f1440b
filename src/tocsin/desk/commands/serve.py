"""tocsin serve: the dashboard and the API of a workspace, on this machine."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import WorkspaceOption
from tocsin.vocabulary.errors import BadDeclaration

PORT = 8021


def command(
    workspace: WorkspaceOption = Path(),
    host: Annotated[str, typer.Option("--host", help="The address to listen at; this machine alone by default.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", min=1, max=65535, help="The port to listen at.")] = PORT,
    names: Annotated[list[str] | None, typer.Option("--name", help="A further name browsers may ask for; may be repeated.")] = None,
) -> None:
    """Serve a dashboard and a read-only API of the workspace's runs. Ctrl-C stops it; nothing is ever written.

    Every page is read from the workspace as it is asked for, also while files are taken in or a month is closed.
    """
    from tocsin.desk.console import now
    from tocsin.desk.workspace import Workspace

    chosen = Workspace.open(workspace)
    try:
        import uvicorn

        from tocsin.desk.web.guards import LOOPBACK
        from tocsin.desk.web.server import application
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("tocsin"):
            raise
        raise BadDeclaration(
            f"tocsin serve needs packages that are not installed ({missing.name} is missing). "
            "Install them with: pip install 'tocsin[serve]'"
        ) from missing
    if not _is_own(host):
        typer.echo(
            f"{host} is not this machine alone: whoever reaches it reads every figure of the workspace, without signing in and in clear. "
            "Put a proxy before it that asks who they are, and say by --name under which names it is asked for.",
            err=True,
        )
    app = application(chosen, now, {*LOOPBACK, host, *(names or ())})
    typer.echo(f"Serving {chosen.root.resolve()} at http://{f'[{host}]' if ':' in host else host}:{port}/. Ctrl-C stops.", err=True)
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False, server_header=False, proxy_headers=False)
    )
    try:
        server.run()
    except SystemExit as ended:
        # Uvicorn has logged why: the port is taken, or the address is not this machine's.
        raise BadDeclaration(f"nothing can listen at {host}, port {port}: say another by --host or --port.") from ended


def _is_own(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
