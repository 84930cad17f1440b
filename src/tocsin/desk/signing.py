"""Sign-offs as the desk knows them: who may sign by the workspace's settings, and a run with what was said of it."""

from dataclasses import replace

from tocsin.desk.workspace import Workspace
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


def with_sign_offs(workspace: Workspace, run: FrozenRun) -> FrozenRun:
    """The run with what was said of it by now, for whoever prints it. Raises BadDeclaration for a journal that was changed."""
    return replace(run, signed=standing(journal_of(workspace).events(), run, workspace.settings.sign_off.required))
