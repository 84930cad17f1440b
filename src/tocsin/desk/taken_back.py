"""What the desk says of deliveries that were taken back: of those a run was closed with, and of those a month has lost."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from tocsin.deliveries.ledger import Delivery, Ledger
from tocsin.deliveries.store import Store
from tocsin.deliveries.withdrawals import Withdrawal
from tocsin.deliveries.withdrawing import withdrawn_deliveries
from tocsin.desk.console import moment_text
from tocsin.desk.month import store_of
from tocsin.desk.workspace import Workspace
from tocsin.vocabulary.calendar import Period

if TYPE_CHECKING:
    from tocsin.reports.frozen import FrozenRun
    from tocsin.reports.frozen_received import WithdrawnLine


def taken_back_since(workspace: Workspace, run: "FrozenRun", at: int) -> "tuple[WithdrawnLine, ...]":
    """The deliveries of a run that were taken back after it was closed; none where its ledger is not at hand."""
    from tocsin.reports.closed_with import withdrawn_since

    store = store_of(workspace)
    if not _has_ledger(store):
        return ()
    ledger = Ledger(store)
    try:
        return withdrawn_since(ledger, run, at)
    finally:
        ledger.close()


def warn_of(run: "FrozenRun") -> None:
    """Say on standard error with which deliveries a run was closed that do not stand any more."""
    for line in run.withdrawn_since:
        typer.echo(
            f"run {run.run_id} was closed with {line.delivery_id} ({line.file_name}), withdrawn {moment_text(line.withdrawn_at)} by"
            f" {line.by}: {line.reason}",
            err=True,
        )
    if run.withdrawn_since:
        typer.echo(f"It stays as it was. For one without: tocsin close {run.period.label}", err=True)


def taken_back_in(workspace: Workspace, period: Period, at: int) -> Iterator[tuple[Delivery, Withdrawal]]:
    """What was taken back by an instant of what covers some of a period."""
    store = store_of(workspace)
    if not _has_ledger(store):
        return
    ledger = Ledger(store)
    try:
        found = withdrawn_deliveries(ledger, at)
    finally:
        ledger.close()
    for one, word in found:
        start_at, end_at = one.covers_start_at, one.covers_end_at
        if start_at is not None and end_at is not None and start_at < period.end_at and end_at > period.start_at:
            yield one, word


def tell_taken_back(workspace: Workspace, period: Period, at: int, sender: str | None = None) -> None:
    """Say on standard error what a month has lost, and why: a file that is missing may have been there."""
    for one, word in taken_back_in(workspace, period, at):
        if sender is None or one.sender == sender:
            told = f"{one.delivery_id} ({one.feed} of {one.sender}, {one.file_name})"
            typer.echo(f"withdrawn: {told}, {moment_text(word.at)} by {word.by}: {word.reason}", err=True)


def _has_ledger(store: Store) -> bool:
    # To be told a run one needs no store; to look for its ledger must not make one.
    return store.ledger is not None or (store.root / "ledger.sqlite").is_file()
