"""tocsin init: make a workspace."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.workspace import FILE, Workspace


def command(
    folder: Annotated[Path, typer.Argument(help="Where to make it.")],
    title: Annotated[str | None, typer.Option(help="What reports call it; the folder's name by default.")] = None,
) -> None:
    """Make a workspace: one folder with settings, incoming files, Shapes, store and runs."""
    workspace = Workspace.create(folder, title)
    typer.echo(f"Workspace made at {workspace.root}")
    typer.echo(
        f"Next: describe a sender's layout in {workspace.shapes}/NAME.toml (docs/shapes.md), say who owes what in {workspace.root / FILE},"
    )
    typer.echo(f"put files into {workspace.incoming}, then: tocsin take-in --workspace {workspace.root}")
