"""tocsin doctor: is the workspace sound? Ledger against store, digests, unfinished work."""

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, show
from tocsin.vocabulary.errors import BadDeclaration

if TYPE_CHECKING:
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.soundness import Complaint

HEADINGS = ("what", "where", "problem", "to_do")


def command(
    workspace: WorkspaceOption = Path(),
    form: FormatOption = Format.TABLE,
    quick: Annotated[bool, typer.Option("--quick", help="Count rows only; do not read every byte again to prove the digests.")] = False,
) -> None:
    """Check a workspace: settings, Shapes, every delivery's files and digests, every run. Exit code 10 when something is wrong."""
    from tocsin.desk.month import store_of
    from tocsin.desk.signing import journal_of
    from tocsin.desk.workspace import Workspace
    from tocsin.feeds.shape_file import load_shapes
    from tocsin.reports.actions import ActionJournal
    from tocsin.reports.commentary_requests import AskingJournal
    from tocsin.reports.soundness import check_journal, check_publications, check_runs, check_store

    chosen = Workspace.open(workspace)
    shapes = load_shapes(chosen.shapes)
    key_length = len(chosen.anonymity_secret)
    complaints = [
        *_check_expected(chosen, {(shape.feed, shape.sender) for shape in shapes}),
        *_check_sign_offs(chosen, {shape.sender for shape in shapes}),
        *check_store(store_of(chosen), prove_digests=not quick),
        *check_runs(chosen.runs, prove_digests=not quick),
        *check_journal("actions", ActionJournal(chosen.actions)),
        *check_journal("commentary", AskingJournal(chosen.commentary)),
        *check_journal("sign-offs", journal_of(chosen)),
        *check_publications(journal_of(chosen), chosen.runs),
    ]
    if complaints or form is not Format.TABLE:
        show(HEADINGS, [(c.what, c.where, c.problem, c.to_do) for c in complaints], form)
    if complaints:
        raise BadDeclaration(f"{len(complaints)} problems found in {chosen.root}.")
    typer.echo(
        f"{chosen.root}: sound. {len(shapes)} Shapes, anonymity key of {key_length} bytes, every delivery and run in order.", err=True
    )


def _check_expected(workspace: "Workspace", readable: Collection[tuple[str, str]]) -> "Iterator[Complaint]":
    """What is owed but could never be taken in, as when a sender's name is misspelt: its slots would be missing for ever."""
    from tocsin.reports.soundness import Complaint

    for feed, sender in dict.fromkeys((one.feed, one.sender) for one in workspace.settings.expected):
        if (feed, sender) not in readable:
            problem = f"no Shape in {workspace.shapes} reads {feed} of {sender}"
            yield Complaint(
                "expected", f"{feed} {sender}", problem, "Correct the sender under [[expected]] in workspace.toml, or add its Shape."
            )


def _check_sign_offs(workspace: "Workspace", senders: Collection[str]) -> "Iterator[Complaint]":
    """Whose word is needed for a publication, and could never be given: it would be awaited for ever."""
    from tocsin.desk.signing import signatories_of
    from tocsin.reports.sign_offs import OF_THE_WHOLE
    from tocsin.reports.soundness import Complaint
    from tocsin.vocabulary.service_providers import service_providers

    signatories = signatories_of(workspace)
    providers = service_providers(override=workspace.reference).values()
    known = {*OF_THE_WHOLE, *senders, *(one.code for one in providers), *(one.sender for one in providers)}
    for of in dict.fromkeys((*signatories.required, *signatories.entitled)):
        if of not in known:
            likely = difflib.get_close_matches(of, known, 1)
            meant = f' Was "{likely[0]}" meant?' if likely else ""
            problem = f"{of} is no Service Provider, no sender, and not DCC or SECAS"
            yield Complaint("sign-off", of, problem, f"Correct [sign_off] or [[signatory]] in workspace.toml.{meant}")
        elif of not in signatories.entitled:
            to_do = f'Add a [[signatory]] with of = ["{of}"] to workspace.toml, or take it out of [sign_off] required.'
            yield Complaint("sign-off", of, f"the word of {of} is required, and nobody may give it", to_do)
