"""tocsin sign-off: what an organisation says of its part of a run."""

import getpass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, moment_text, needed, now, show

if TYPE_CHECKING:
    from tocsin.reports.frozen_signed import SignedLine

HEADINGS = ("of", "required", "says", "by", "at", "run", "comment", "part")


class Verb(StrEnum):
    """What can be said."""

    ACCEPT = "accept"
    QUERY = "query"
    REJECT = "reject"
    WAIVE = "waive"
    LIST = "list"


SAID = {Verb.ACCEPT: "accepted", Verb.QUERY: "queried", Verb.REJECT: "rejected", Verb.WAIVE: "waived"}


def command(
    verb: Annotated[Verb, typer.Argument(help="accept, query or reject a part; waive what does not come; or list how a run stands.")],
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    of: Annotated[str | None, typer.Option("--of", help="For whom: DCC, SECAS, or a Service Provider for its own part.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who says it: a [[signatory]] of workspace.toml.")] = None,
    comment: Annotated[str, typer.Option("--comment", help="Why; needed for all but accept. Reports print it: name no SEC Party.")] = "",
    run: Annotated[str | None, typer.Option("--run", help="Which run; the latest by default.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Record what an organisation says of its part of a run, or show how the run stands.

    The DCC and SECAS answer for the whole report, a Service Provider for its own deliveries and figures. A word holds for later runs too,
    as long as that part is the same. The journal is only added to; it keeps who was signed in on this machine beside the name given.
    """
    from tocsin.desk.month import period_of
    from tocsin.desk.signing import journal_of, signatories_of, with_what_was_said
    from tocsin.desk.taken_back import warn_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.run_store import read_run
    from tocsin.reports.sign_offs import SignOff, part_of, sign

    chosen = Workspace.open(workspace)
    frozen = read_run(chosen.runs, period_of(chosen, month), run)
    if verb is not Verb.LIST:
        of, by = needed(of, "--of", "sign-off"), needed(by, "--by", "sign-off")
        part = part_of(frozen, of)
        told = SignOff(SAID[verb], frozen.period.label, frozen.run_id, of, by, getpass.getuser(), now(), part, comment)
        sign(journal_of(chosen), signatories_of(chosen), told)
        typer.echo(f"{of}: {told.said}, run {frozen.run_id}", err=True)
    said = with_what_was_said(chosen, frozen, now())
    signed = said.signed
    warn_of(said)
    show(HEADINGS, [_row(line) for line in signed.lines], form)
    if not signed.lines:
        typer.echo(f"{frozen.run_id}: nobody's word is needed or was given; [sign_off] of workspace.toml says whose is.", err=True)
    if signed.published_at:
        typer.echo(f"published {moment_text(signed.published_at)} by {signed.published_by}", err=True)


def _row(line: "SignedLine") -> tuple[object, ...]:
    told = (line.by, moment_text(line.at), line.run_id) if line.by else (None, None, None)
    return (line.of, "yes" if line.is_required else "no", line.said, *told, line.comment or None, line.part)
