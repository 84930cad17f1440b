"""Sign-offs: who has agreed to the report, who has not yet, and whether it is published."""

from tocsin.reports.blocks import Block, Column, Note, Prose, Status, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_signed import SignedLine
from tocsin.reports.section import Section
from tocsin.reports.wording import instant_figures, instant_words


def build(run: FrozenRun) -> list[Block]:
    if not run.signed.lines and not run.signed.published_at:
        return [Note("No sign-off is asked for in this workspace, and none was recorded when this was written.")]
    columns = (
        Column("Of"), Column("Asked for"), Column("Says", "status"), Column("By"), Column("At, UTC"), Column("Of run", share=2),
        Column("Comment", share=4), Column("Digest of what it answers for", "code"),
    )  # fmt: skip
    rows = tuple(_row(line) for line in run.signed.lines)
    return [
        _published(run),
        Prose(
            "The DCC and SECAS answer for the whole report, a Service Provider for its own deliveries and figures. What was said of an "
            "earlier run counts here while that part is the same."
        ),
        Table("Sign-offs", columns, rows, "Nobody was asked."),
    ]


def _published(run: FrozenRun) -> Note:
    signed = run.signed
    if not signed.published_at:
        return Note("This run is not published: it is shown to those who check it.", "warning")
    return Note(
        f"Published by {signed.published_by} for the DCC at {instant_words(signed.published_at)}. Digest of its figures: {signed.digest}."
    )


def _row(line: SignedLine) -> tuple[str | Status, ...]:
    told = (line.by, instant_figures(line.at), line.run_id) if line.by else ("nobody yet", "none", "none")
    return (line.of, "yes" if line.is_required else "no", Status(line.said), *told, line.comment or "none", line.part[:16])


SIGN_OFFS = Section(name="sign_offs", title="Sign-offs", order=12, build=build, starts_page=False)
