"""How the desk speaks: plain tables to a screen or a pipe, errors to standard error, stable JSON for programs."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tocsin.reports.spreadsheets import inert
from tocsin.vocabulary.calendar import Period, instant, moment, parse_instant
from tocsin.vocabulary.errors import BadDeclaration, TocsinError

WIDE = 250


class Format(StrEnum):
    """How a command prints what it found."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


WorkspaceOption = Annotated[Path, typer.Option("--workspace", "-w", help="The workspace's folder.", envvar="TOCSIN_WORKSPACE")]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="table for people, json and csv for programs.")]
AsAtOption = Annotated[
    str | None, typer.Option("--as-at", help="Only what was received by this instant, e.g. 2021-10-05T09:00Z. Now by default.")
]


def say_error(problem: TocsinError) -> None:
    """The error's kind and message, on standard error."""
    typer.secho(f"{type(problem).__name__}: {problem}", err=True, fg=typer.colors.RED if problem.exit_code != 12 else typer.colors.YELLOW)


def now() -> int:
    """This instant, µs UTC. The only clock of the product: everything below the desk is told the time."""
    return instant(datetime.now(UTC))


def as_at_or_now(text: str | None, option: str = "--as-at") -> int:
    """The instant a person named, or now. Raises BadParameter for what is no instant, or has not come yet.

    Seen from a future instant, requests would have timed out that are still being answered.
    """
    at_once = now()
    if not text:
        return at_once
    try:
        named = parse_instant(text)
    except BadDeclaration as wrong:
        raise typer.BadParameter(str(wrong), param_hint=option) from wrong
    if named > at_once:
        raise typer.BadParameter(f"{text} has not come yet; an instant up to now was expected.", param_hint=option)
    return named


def asked_period(month: str, zone: str = "UTC") -> Period:
    """The period a person named. Raises BadParameter for what is no month."""
    try:
        return Period.parse(month, zone)
    except BadDeclaration as wrong:
        raise typer.BadParameter(str(wrong), param_hint="MONTH") from wrong


def moment_text(at: int | None) -> str:
    """An instant for people: to the second, UTC."""
    return "" if at is None else f"{moment(at):%Y-%m-%d %H:%M:%S}Z"


def show(headings: Sequence[str], rows: Iterable[Sequence[object]], form: Format, numbers: frozenset[str] = frozenset()) -> None:
    """Rows as a table for people, JSON objects or CSV. JSON and CSV carry the headings as keys, unchanged between versions."""
    table = [["" if cell is None and form is not Format.JSON else cell for cell in row] for row in rows]
    if form is Format.JSON:
        typer.echo(json.dumps([dict(zip(headings, row, strict=True)) for row in table], indent=1, default=str))
        return
    if form is Format.CSV:
        import csv
        import sys

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows([[inert(cell) if isinstance(cell, str) else cell for cell in row] for row in table])
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    picture = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for heading in headings:
        picture.add_column(heading.replace("_", " "), justify="right" if heading in numbers else "left", overflow="fold")
    for row in table:
        picture.add_row(*(f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell) for cell in row))
    screen = Console(markup=False, highlight=False)
    # In a pipe there is no screen to fold for: a name must stay on its line, where grep finds it.
    screen = screen if screen.is_terminal else Console(markup=False, highlight=False, width=WIDE)
    screen.print(picture)


def one_of(word: str, known: Sequence[str], what: str) -> str:
    """`word`, if it is known. Raises BadDeclaration listing what there is."""
    if word not in known:
        raise BadDeclaration(f'{what}: "{word}" is not known. There is: {", ".join(known) or "none yet"}.')
    return word


def counted(count: int, one: str, several: str | None = None) -> str:
    """A number with its noun: "1 row", "1,204 rows"."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def needed(told: str | None, name: str, command: str) -> str:
    """What a person gave for an option that only some uses of a command need. Raises BadParameter where nothing was."""
    if told is None:
        raise typer.BadParameter(f"this is needed here; tocsin {command} --help says what for.", param_hint=name)
    return told


@contextmanager
def counting_lines(files: Sequence[Path]) -> Iterator[Callable[[Path, int], None]]:
    """A progress line on a terminal's standard error: which file of how many, how many lines so far. Silent in a pipe."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from tocsin.deliveries.entries import name_of

    screen = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.fields[lines]:,} lines"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        place = {file: number for number, file in enumerate(files, 1)}
        task = bar.add_task("", lines=0)

        def told(file: Path, lines: int) -> None:
            bar.update(task, description=f"{place[file]}/{len(files)} {name_of(file)}", lines=lines)

        yield told


@contextmanager
def telling_steps() -> Iterator[Callable[[str], None]]:
    """The step under way, on a terminal's standard error. Silent in a pipe."""
    from rich.console import Console

    screen = Console(stderr=True)
    with screen.status("") as status:
        yield status.update
