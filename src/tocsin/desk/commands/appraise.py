"""tocsin appraise: what a set of the Change Requests for external data would cost, take and bring."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import Format, FormatOption, show

if TYPE_CHECKING:
    from tocsin.reports.appraisal import Appraisal

HEADINGS = (
    "change_request", "title", "providers", "fia_pounds", "fia_days", "rom_from_pounds", "rom_to_pounds", "months", "feed", "replaces",
    "gains", "remark",
)  # fmt: skip
NUMBERS = frozenset({"fia_pounds", "fia_days", "rom_from_pounds", "rom_to_pounds", "months"})


def command(
    chosen: Annotated[list[str] | None, typer.Argument(metavar="CHANGE_REQUEST", help="Such as CR1421, or 1421; all when none.")] = None,
    progressed: Annotated[
        list[str] | None, typer.Option("--progressed", help="A Modification taken as going ahead, such as SECMP0007; may be repeated.")
    ] = None,
    workspace: Annotated[Path | None, typer.Option("--workspace", "-w", help="Use this workspace's own rows of the tables.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Appraise Change Requests: costs and times of each and of all, the longest chain of those that wait, and what each feed replaces.

    Sums are the Service Providers' rough orders of magnitude of September 2020, no offers. Table and CSV end with a line for the total.
    """
    from tocsin.reports.appraisal import appraised, known_requests
    from tocsin.vocabulary.dated import LATEST

    reference = None
    if workspace is not None:
        from tocsin.desk.workspace import Workspace

        reference = Workspace.open(workspace).reference
    found = appraised(known_requests(LATEST, reference), chosen or [], progressed or [])
    show(HEADINGS, _rows(found), form, NUMBERS)
    for sentence in _sentences(found):
        typer.echo(sentence, err=form is not Format.TABLE)


def _rows(found: "Appraisal") -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for one in found.counted:
        brought = [gain for gain in found.gains if gain.change_request == one.name]
        remarks = [link.sentence for link in (*found.lessened, *found.lacking) if link.change_request == one.name]
        rows.append(
            (
                one.name, one.title, one.providers, one.fia_pounds, one.fia_days, one.rom_from_pounds, one.rom_to_pounds, one.months,
                " ".join(gain.feed for gain in brought),
                " ".join(name for gain in brought for name in gain.replaces) or "nothing",
                " ".join(name for gain in brought for name in gain.gains),
                " ".join(remarks) or None,
            )
        )  # fmt: skip
    total = (found.fia_pounds, found.fia_days, found.rom_from_pounds, found.rom_to_pounds, found.critical.months)
    return [*rows, ("total", None, None, *total, None, None, None, None)]


def _sentences(found: "Appraisal") -> list[str]:
    dcc = found.dcc
    told = [
        f"Service Providers: assessments £{found.fia_pounds:,}, implementation £{found.rom_from_pounds:,} to £{found.rom_to_pounds:,}.",
        f"DCC beside them, were all to go forward: assessments £{dcc.fia_pounds:,}, implementation £{dcc.rom_pounds:,}; "
        + (
            f"together £{found.fia_pounds + dcc.fia_pounds:,} and £{found.rom_from_pounds + dcc.rom_pounds:,} to "
            f"£{found.rom_to_pounds + dcc.rom_pounds:,}."
            if found.is_all
            else "for fewer it would be less, and is not told."
        ),
        f"Time: assessments up to {found.fia_days} days (the DCC's own {dcc.fia_days}), negotiations at least {dcc.negotiation_months} "
        f"months, implementation {found.critical.months} months if what builds on another waits for it "
        f"({' then '.join(found.critical.requests)}), {found.together_months} months if all run at one time.",
    ]
    told += [f"Not counted: {link.change_request}, redundant with {link.other}. {link.sentence}" for link in found.spared]
    told += [f"{link.change_request} builds on {link.other}, which is not chosen. {link.sentence}" for link in found.lacking]
    told += [f"{link.change_request} is counted whole though {link.other} progresses. {link.sentence}" for link in found.lessened]
    return told
