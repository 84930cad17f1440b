"""What the desk knows beside a frozen run: who may sign by the workspace's settings, what was said of the run and asked about it."""

from dataclasses import replace

from tocsin.desk.month import working_days_of
from tocsin.desk.taken_back import taken_back_since
from tocsin.desk.workspace import Workspace
from tocsin.reports.commentary_requests import AskingJournal, requests
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.sign_offs import Signatories, SignOffJournal, standing


def journal_of(workspace: Workspace) -> SignOffJournal:
    return SignOffJournal(workspace.sign_offs)


def signatories_of(workspace: Workspace) -> Signatories:
    """Whose word is needed, and who may speak for whom."""
    entitled: dict[str, set[str]] = {}
    for one in workspace.settings.signatory:
        for of in one.of:
            entitled.setdefault(of, set()).add(one.name)
    return Signatories(workspace.settings.sign_off.required, {of: frozenset(names) for of, names in entitled.items()})


def with_what_was_said(workspace: Workspace, run: FrozenRun, at: int) -> FrozenRun:
    """The run with its sign-offs, the commentary asked for its month and what was taken back of it by `at` (µs UTC), for whoever prints it.

    Raises BadDeclaration for a journal that was changed, LedgerUnavailable.
    """
    signed = standing(journal_of(workspace).events(), run, workspace.settings.sign_off.required)
    asked = requests(
        AskingJournal(workspace.commentary).events(), working_days_of(workspace), at, month=run.period.label, reference=workspace.reference
    )
    return replace(run, signed=signed, asked=asked, withdrawn_since=taken_back_since(workspace, run, at))
