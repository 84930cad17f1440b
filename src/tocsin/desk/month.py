"""A month as the desk works it: with a workspace's settings, take files in, close the period, say what was owed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin import __version__
from tocsin.deliveries.contract import Means
from tocsin.deliveries.entries import name_of
from tocsin.deliveries.intake import Arrival, Receipt, take_arrivals_in
from tocsin.deliveries.ledger import Ledger
from tocsin.deliveries.recognising import recognise
from tocsin.deliveries.slots import Expectation, SlotState, owed, states
from tocsin.deliveries.spreading import Spread
from tocsin.deliveries.store import Store
from tocsin.deliveries.unpacking import Limits
from tocsin.desk.console import asked_period
from tocsin.desk.settings import bytes_of
from tocsin.desk.workspace import Workspace
from tocsin.engines import Engine, engine_named
from tocsin.engines.workers import HasWorkers
from tocsin.feeds import all_feeds
from tocsin.feeds.shape_file import load_shapes
from tocsin.reports.frozen import FrozenRun
from tocsin.vocabulary.calendar import Period, WorkingDays
from tocsin.vocabulary.errors import BadDeclaration, RefusedDelivery
from tocsin.vocabulary.settings import setting

if TYPE_CHECKING:
    from tocsin.reports.standing import RunMeans


def store_of(workspace: Workspace) -> Store:
    return Store(workspace.store, workspace.settings.workspace.ledger)


def engine_of(workspace: Workspace) -> Engine:
    """The engine the workspace names. Raises EngineUnavailable where it is not installed or not told where to find."""
    chosen = workspace.settings.engine
    if chosen.name == "duckdb":
        return engine_at_hand(workspace)
    if chosen.url is None:
        raise BadDeclaration(f'{workspace.root}: [engine] name = "spark" needs url = "sc://host:15002", where Spark Connect listens.')
    return _spark(workspace, chosen.url)


def _spark(workspace: Workspace, url: str) -> Engine:
    return engine_named("spark", {"url": url, "root": workspace.root, "seen_as": workspace.settings.engine.seen_as})


def engine_at_hand(workspace: Workspace) -> Engine:
    """The engine inside this process, whatever the workspace names for its large work."""
    chosen = workspace.settings.engine
    return engine_named("duckdb", {"threads": chosen.threads, "memory_limit": chosen.memory_limit, "temp_directory": workspace.store})


def period_of(workspace: Workspace, month: str) -> Period:
    """The month in the zone that workspace.toml names, else in that of the dated setting."""
    zone = workspace.settings.workspace.period_zone
    return asked_period(month, zone or setting("period_zone", asked_period(month).first_on, workspace.reference).value)


def files_to_take(workspace: Workspace, files: Sequence[Path]) -> list[Path]:
    """The files named, or every file of incoming/ in order of name (hidden files are senders' unfinished ones)."""
    missing = [f"{file} ({_instead(file)})" for file in files if not file.is_file()]
    if missing:
        raise BadDeclaration(
            f"no such file: {', '.join(missing)}. Nothing was taken in: name received files,"
            f" or put them into {workspace.incoming} and name none."
        )
    if files:
        return list(files)
    return sorted(path for path in workspace.incoming.rglob("*") if path.is_file() and not path.name.startswith("."))


def _instead(file: Path) -> str:
    """What there is where a file was expected."""
    if file.is_dir():
        return "a folder"
    if file.is_symlink():
        return "a link to nothing"
    return "a pipe or device" if file.exists() else "nothing is there"


def take_files_in(
    workspace: Workspace, files: Sequence[Path], received_at: int, progress: Callable[[Path, int], None] = lambda file, lines: None
) -> list[Receipt]:
    """Take files in, all of them received at one instant; see `take_listed_in`."""
    return take_listed_in(workspace, [Arrival(file, received_at) for file in files], progress)


def take_listed_in(
    workspace: Workspace,
    arrivals: Sequence[Arrival],
    progress: Callable[[Path, int], None] = lambda file, lines: None,
    *,
    again: bool = False,
) -> list[Receipt]:
    """Take files in under the workspace's Shapes, limits and dated words, each as received at its own instant.

    With `again` also those that were accepted by a Shape that has been corrected since.
    """
    shapes = load_shapes(workspace.shapes)
    for name in dict.fromkeys(name_of(arrival.file) for arrival in arrivals):
        # Two Shapes for one name must be told before anything is taken in, not after half of it.
        with suppress(RefusedDelivery):
            recognise(name, shapes)
    intake = workspace.settings.intake
    means = Means(
        limits=Limits(max_unpacked_bytes=intake.max_unpacked_bytes),
        memory_limit=intake.memory_limit,
        threads=workspace.settings.engine.threads,
        # The words that were known on the day a file was received.
        reference=workspace.reference,
        compiled=intake.is_compiled,
    )
    return take_arrivals_in(store_of(workspace), arrivals, shapes, progress, means=means, spread=_spread(workspace), again=again)


def _spread(workspace: Workspace) -> Spread | None:
    """The cluster's workers, where the workspace says from what size on they are to check files."""
    size = workspace.settings.intake.spread_from
    if size is None:
        return None
    engine = engine_of(workspace)
    if not isinstance(engine, HasWorkers):
        raise BadDeclaration(
            f'{workspace.root}: [intake] spread_from = "{size}" needs workers, and the engine "{engine.name}" has none.'
            ' Leave it out, or set name = "spark" under [engine].'
        )
    return Spread(engine.workers, bytes_of(size))


def expectations_of(workspace: Workspace) -> list[Expectation]:
    return [Expectation(**owed.model_dump()) for owed in workspace.settings.expected]


def working_days_of(workspace: Workspace) -> WorkingDays:
    return WorkingDays(workspace.settings.workspace.calendar_profile, workspace.override("bank_holidays"))


def slot_states(workspace: Workspace, period: Period, at: int) -> list[SlotState]:
    """What is owed of a month, and how each piece of it stands at an instant."""
    slots = owed(expectations_of(workspace), all_feeds(), period, working_days_of(workspace), workspace.reference)
    ledger = Ledger(store_of(workspace))
    try:
        return states(slots, ledger.deliveries(at), period, at)
    finally:
        ledger.close()


def engine_asked(workspace: Workspace, name: str | None, url: str | None) -> Engine:
    """The engine a person names, else the workspace's own. Raises BadDeclaration for one not known, or a Spark without its place."""
    if name is None:
        return engine_of(workspace)
    if name == "duckdb":
        return engine_at_hand(workspace)
    told = url or workspace.settings.engine.url
    if name == "spark" and told is None:
        raise BadDeclaration(
            "--engine spark needs --url sc://host:15002, or an url in [engine] of workspace.toml: where Spark Connect listens."
        )
    return _spark(workspace, told) if name == "spark" and told is not None else engine_named(name, {"url": told})


def means_of(workspace: Workspace, engine: Engine | None = None) -> "RunMeans":
    """What the workspace gives to make runs with, on its own engine unless another is given."""
    # All that closes a month is read with it: whoever only asks a run something must not wait for that.
    from tocsin.reports.standing import RunMeans

    return RunMeans(
        engine=engine or engine_of(workspace),
        at_hand=engine_at_hand(workspace),
        store=store_of(workspace),
        runs=workspace.runs,
        reference=workspace.reference,
        expectations=tuple(expectations_of(workspace)),
        working_days=working_days_of(workspace),
        secret=workspace.anonymity_secret,
        code_version=__version__,
        title=workspace.settings.workspace.title,
        simulated=workspace.settings.simulated.sentence if workspace.settings.simulated else "",
        actions=workspace.actions,
        sign_offs=workspace.sign_offs,
    )


def close_month(workspace: Workspace, period: Period, as_at: int, made_at: int, progress: Callable[[str], None]) -> FrozenRun:
    """Close a period as known at an instant: a frozen run, or the very run that is there already for the same basis and parameters."""
    from tocsin.reports.run import close_period

    return close_period(means_of(workspace), period, as_at, made_at, progress)
