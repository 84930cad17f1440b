"""Data quality: what came, what was refused and why, what was set aside or remarked on."""

from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_received import DeliveryLine, WithdrawnLine
from tocsin.reports.section import Section
from tocsin.reports.wording import instant_figures, spoken, value_title

_PAGE_ROWS = 60
_NOTHING = "No delivery stands: nothing was received by the as-at instant."
_COUNTS = (Column("Lines", "whole"), Column("Accepted", "whole"), Column("Refused", "whole"), Column("Duplicates", "whole"))


def build(run: FrozenRun) -> list[Block]:
    return [
        Prose("Bad rows are refused with a reason and kept; nothing is mended or dropped without being counted here."),
        Heading("What came"),
        _by_sender(run),
        _deliveries(run),
        _counts(run),
        _refused_files(run),
        _repeated_files(run),
        _superseded(run),
        *_withdrawn(run),
        Heading("What was refused"),
        _checks(run),
        _findings(run),
        Heading("What was set aside or remarked on"),
        _oddities(run),
    ]


def _by_sender(run: FrozenRun) -> Table:
    sums: dict[tuple[str, str], list[int]] = {}
    for line in run.deliveries:
        row = sums.setdefault((line.feed, line.sender), [0] * 5)
        for place, value in enumerate((1, line.lines, line.accepted, line.refused, line.duplicates)):
            row[place] += value
    rows: list[tuple[Cell, ...]] = [
        (_feed(feed), value_title(run, "service_provider", sender), *row) for (feed, sender), row in sorted(sums.items())
    ]
    columns = (Column("Feed", share=2), Column("Sender", share=2), Column("Deliveries", "whole"), *_COUNTS)
    return Table("Deliveries that stand, by feed and sender", columns, tuple(rows), _NOTHING)


def _deliveries(run: FrozenRun) -> Table:
    rows = tuple(
        (line.delivery_id, line.file_name, _feed(line.feed), line.covers or "not said", spoken(line.submission) or "not said",
         instant_figures(line.received_at))
        for line in run.deliveries
    )  # fmt: skip
    columns = (
        Column("Delivery", "code", 2), Column("File", share=3), Column("Feed", share=2), Column("Covers", share=2),
        Column("Submission", share=1), Column("Received, UTC", share=2),
    )  # fmt: skip
    return Table("Deliveries that stand", columns, rows, _NOTHING, _PAGE_ROWS)


def _feed(feed: str) -> str:
    return spoken(feed) or "not recognised"


def _counts(run: FrozenRun) -> Table:
    def row(line: DeliveryLine) -> tuple[Cell, ...]:
        return line.delivery_id, line.lines, line.accepted, line.refused, line.duplicates

    columns = (Column("Delivery", "code"), *_COUNTS)
    return Table("Rows of each delivery", columns, tuple(row(line) for line in run.deliveries), "No delivery stands.", _PAGE_ROWS)


def _refused_files(run: FrozenRun) -> Table:
    rows = tuple((refused.file_name, refused.reason) for refused in run.refused_files)
    columns = Column("File", share=2), Column("Reason", share=4)
    return Table("Files refused whole", columns, rows, "No file was refused whole.", _PAGE_ROWS)


def _repeated_files(run: FrozenRun) -> Table:
    rows = tuple((again.file_name, instant_figures(again.received_at), again.same_as) for again in run.repeated_files)
    columns = Column("File", share=3), Column("Received, UTC", share=2), Column("The same as delivery", "code", 3)
    return Table("Files received again", columns, rows, "No file is told to have come twice.", _PAGE_ROWS)


def _superseded(run: FrozenRun) -> Table:
    rows = tuple(
        (line.delivery_id, line.file_name, line.covers or "not said", spoken(line.submission) or "not said", line.stands)
        for line in run.superseded
    )
    columns = (
        Column("Delivery", "code", 2), Column("File", share=3), Column("Covers", share=2), Column("Submission", share=1),
        Column("Stands instead", "code", 2),
    )  # fmt: skip
    return Table(
        "Deliveries whose place another took", columns, rows, "No delivery is told to have taken the place of another.", _PAGE_ROWS
    )


def _withdrawn(run: FrozenRun) -> list[Block]:
    """What was taken back, before the run was closed or after: most months have none, and say nothing of it."""
    columns = (
        Column("Delivery", "code", 2), Column("File", share=2), Column("Covers", share=2), Column("Withdrawn, UTC", share=2),
        Column("By", share=2), Column("Why", share=4), Column("Stands instead", "code", 2),
    )  # fmt: skip

    def table(caption: str, lines: tuple[WithdrawnLine, ...]) -> Table:
        rows = tuple(
            (line.delivery_id, line.file_name, line.covers or "not said", instant_figures(line.withdrawn_at), line.by, line.reason,
             line.stands or "none")
            for line in lines
        )  # fmt: skip
        return Table(caption, columns, rows, "None was withdrawn.", _PAGE_ROWS)

    blocks: list[Block] = []
    if run.withdrawn_since:
        words = "This run was closed with deliveries that were withdrawn since: its figures count their rows. Close the month again."
        blocks += [Note(words, "warning"), table("Deliveries of this run that were withdrawn since", run.withdrawn_since)]
    if run.withdrawn:
        blocks.append(table("Deliveries that were withdrawn, and are not counted", run.withdrawn))
    return blocks


def _checks(run: FrozenRun) -> Table:
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for finding in run.findings:
        rows, deliveries = sums.get((finding.check_id, finding.sentence), (0, 0))
        sums[finding.check_id, finding.sentence] = rows + finding.count, deliveries + 1
    rows_of = sorted(((check, *sums[check]) for check in sums), key=lambda found: (-found[1], found[0]))
    columns = (Column("Check", "code"), Column("What it says", share=5), Column("Rows", "whole"), Column("Deliveries", "whole"))
    rows_out = tuple((check_id, sentence, rows, deliveries) for (check_id, sentence), rows, deliveries in rows_of)
    return Table("Findings by check", columns, rows_out, "No check found anything.")


def _findings(run: FrozenRun) -> Table:
    rows = tuple((finding.delivery_id, finding.check_id, finding.count) for finding in run.findings)
    columns = (Column("Delivery", "code", 3), Column("Check", "code", 2), Column("Rows", "whole"))
    return Table("Findings by delivery", columns, rows, "No check found anything.", _PAGE_ROWS)


def _oddities(run: FrozenRun) -> Table:
    rows = tuple((spoken(oddity.name), oddity.sentence, oddity.count) for oddity in run.oddities)
    columns = (Column("Name", share=2), Column("What it means", share=5), Column("Count", "whole"))
    return Table("Set aside or remarked on", columns, rows, "Nothing was set aside or remarked on.")


DATA_QUALITY = Section(name="data_quality", title="Data quality", order=64, build=build)
