"""The simulated estate as the desk works it: a plan of what a person typed, and a workspace that is ready to take the files in."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tocsin.desk.console import asked_period
from tocsin.desk.month import period_of
from tocsin.desk.workspace import FILE, Workspace
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import DAY_US
from tocsin.vocabulary.settings import setting

if TYPE_CHECKING:
    from tocsin.estate.plan import Plan
    from tocsin.estate.simulation import Simulated

MARK = "# What the simulated senders owe, and that they are simulated. Written by tocsin simulate."
_EPOCH = date(1970, 1, 1)


def needs_estate() -> None:
    """Raises BadDeclaration where the packages of the extra `simulate` are not installed."""
    try:
        import numpy
        import pyarrow
    except ImportError as wrong:
        raise BadDeclaration(
            f"the simulated estate needs {wrong.name}, which is not installed: the extra simulate was expected. "
            "Install it with: pip install 'tocsin[simulate]'"
        ) from wrong
    del numpy, pyarrow


def plan_of(folder: Path, month: str, *, scale: str, seed: int, until: str | None, faults: str, slices_from: str | None) -> "Plan":
    """The plan a person asked for. Raises BadParameter for text that is no number, day or instant; BadDeclaration for what cannot be."""
    from tocsin.estate.faults.profile import fault_profile
    from tocsin.estate.plan import Plan

    period = _period(folder, month)
    try:
        share = Fraction(scale)
    except (ValueError, ZeroDivisionError) as wrong:
        raise typer.BadParameter(f'a share of the network was expected, such as 0.0005 or 1/2000; found "{scale}".') from wrong
    return Plan(
        period=period,
        scale=share,
        seed=seed,
        until_at=Plan.settled_at(period) if until is None else _until(until),
        faults=fault_profile(faults),
        slices_from=period.last_on if slices_from is None else _day(slices_from, "--slices-from"),
    )


def settle(folder: Path, simulated: "Simulated") -> Workspace:
    """Make the folder a workspace if it is none, with the senders' Shapes and what they owe; doing so again changes nothing."""
    from tocsin.estate.agreements import shape_files

    if not (folder / FILE).exists():
        Workspace.create(folder, f"Simulated estate, {_months(simulated)}")
    workspace = Workspace.open(folder)
    workspace.shapes.mkdir(exist_ok=True)
    for name, content in shape_files().items():
        (workspace.shapes / name).write_bytes(content)
    settings = (folder / FILE).read_text(encoding="utf-8")
    if MARK not in settings:
        aside = folder / f".{FILE}"
        aside.write_text(f"{settings.rstrip()}\n\n{_owed(simulated)}", encoding="utf-8")
        aside.replace(folder / FILE)
    return Workspace.open(folder)


def _owed(simulated: "Simulated") -> str:
    plan = simulated.record["plan"]
    tables = [MARK]
    for owed in simulated.record["expected"]:
        lines = [f"{key} = {owed[key]}" if key in ("since", "until") else f"{key} = {json.dumps(owed[key])}" for key in owed]
        tables.append("\n".join(("[[expected]]", *lines)))
    told: Mapping[str, Any] = {"month": _months(simulated), "scale": decimal_text(Fraction(plan["scale"])), "faults": plan["faults"]}
    lines = [f"{key} = {json.dumps(value)}" for key, value in told.items()]
    tables.append("\n".join(("[simulated]", *lines, f"seed = {plan['seed']}")))
    return "\n\n".join(tables) + "\n"


def _months(simulated: "Simulated") -> str:
    labels = [label for label, _ in simulated.seen_until]
    return " to ".join(dict.fromkeys((labels[0], labels[-1])))


def decimal_text(scale: Fraction) -> str:
    """A scale as people write it: 0.0002, or 1/3 where no short decimal says the same."""
    shown = f"{float(scale):.12f}".rstrip("0").rstrip(".")
    return shown if Fraction(shown) == scale else str(scale)


@contextmanager
def counting_days() -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar with the time left, on a terminal's standard error. Silent in a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    screen = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn(),
        TextColumn("left:"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("")

        def told(done: int, of: int, step: str) -> None:
            bar.update(task, description=step, completed=done, total=of)

        yield told


def _period(folder: Path, month: str) -> Period:
    if (folder / FILE).exists():
        return period_of(Workspace.open(folder), month)
    return asked_period(month, setting("period_zone", asked_period(month).first_on).value)


def _until(text: str) -> int:
    """A day means its end in UTC, else an instant."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        try:
            return parse_instant(text)
        except BadDeclaration as wrong:
            raise typer.BadParameter(str(wrong), param_hint="--until") from wrong
    return (on + timedelta(days=1) - _EPOCH).days * DAY_US


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise typer.BadParameter(f'a day was expected, such as 2021-09-30; found "{text}".', param_hint=option) from wrong
