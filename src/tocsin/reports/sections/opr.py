"""The indicative Operational Performance Regime: what would be kept and lost of the pot, and all that this rests on (domain.md 13)."""

from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Shown, Status, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_opr import OprCellLine, OprLine, OprLines
from tocsin.reports.section import Section
from tocsin.reports.wording import VALUES, spoken

_NONE = "no number"
RULES = (
    ("Between minimum and target", "The share kept falls in proportion (linear), or at once below the target (step). Inclusive at both."),
    ("A cell without events", "Its weight is spread over the other cells of its measure in proportion to theirs, and said below."),
    ("A measure without events", "It gives no number: neither all nor nothing of it is taken as kept."),
    ("Several figures for one cell", "Their percentages are added by their shares; one without events leaves its share to the others."),
    (
        "A figure that is not complete",
        "It gives no number, and neither does whatever it has weight in; what has no weight waits for nothing.",
    ),
    ("Months of the year", "Those up to this report's that have a run, each by its latest run as at this one's as-at instant."),
    ("SMETS1 and the regions", "A figure that is not told by region stands for every cell that names it."),
)


def build(run: FrozenRun) -> list[Block]:
    opr = run.opr
    if opr.whole is None:
        return [Note(f"No data: {opr.why}")]
    return [
        Note(
            "Indicative only: no amount here is owed or has been decided. The pot, the thresholds and which figure feeds which measure are "
            "assumed, and the DCC has said that the Code Performance Measures and these reports do not suit the regime as incentives.",
            "warning",
        ),
        Prose(_months(opr)),
        Heading("Kept and lost"),
        Prose("Worked out in exact fractions; each amount is rounded to the penny for itself, so that columns may differ by a penny."),
        _lines("The pot and its areas", "Area", (opr.whole, *opr.areas)),
        _lines("System measures", "Measure", opr.measures),
        Heading("Cells"),
        _cells(opr),
        _rests_on(opr),
        Prose(" ".join(opr.remarks) or "Nothing was spread, and nothing of the kind is in no cell."),
        Heading("Assumptions of the regime"),
        Prose("The text of the regime was not at hand. These rows of the dated tables are not verified, and these rules are inferred."),
        _assumptions(opr),
        Table("Rules inferred", (Column("Where"), Column("Rule", share=4)), RULES, "Every rule is verified."),
    ]


def _months(opr: OprLines) -> str:
    """Which months of the year the levels are of, and which have no run: a year told by one month is said to be so."""
    told, absent = ([month.label for month in opr.months if bool(month.run_id) is has_run] for has_run in (True, False))
    year = f"Regulatory year {opr.year}, 1 April to 31 March."
    if len(told) == 1:
        alone = f"The levels are of {told[0]} alone"
        return f"{year} {alone}: no run of {', '.join(absent)} is there." if absent else f"{year} {alone}, the first month of the year."
    missing = f" No run of {', '.join(absent)} is there." if absent else ""
    return f"{year} The levels are of {len(told)} months: {', '.join(told)}.{missing}"


def _lines(caption: str, first: str, lines: tuple[OprLine, ...]) -> Table:
    rows = tuple(
        (line.title, _number(line.weight), _number(line.at_stake), _number(line.kept), _number(line.lost), line.why or "none")
        for line in lines
    )
    columns = (
        Column(first, share=2), Column("Weight, %", "figure"), Column("At stake, £", "figure"), Column("Kept, £", "figure"),
        Column("Lost, £", "figure"), Column("Remark", share=3),
    )  # fmt: skip
    return Table(caption, columns, rows, "The regime has none in this year.")


def _cells(opr: OprLines) -> Table:
    rows = tuple(_cell(line) for line in opr.cells)
    columns = (
        Column("Measure", share=2), Column("Cell"), Column("Level, %", "figure"), Column("Target, %", "figure"),
        Column("Minimum, %", "figure"), Column("Status", "status"), Column("Weight, %", "figure"), Column("Share kept, %", "figure"),
        Column("At stake, £", "figure"), Column("Lost, £", "figure"),
    )  # fmt: skip
    return Table("Service levels of the cells, and what they keep", columns, rows, "The regime has no cell in this year.")


def _cell(line: OprCellLine) -> tuple[Cell, ...]:
    level = (_number(line.level), _number(line.target), _number(line.minimum), Status(line.status))
    return (
        line.measure, _cell_title(line), *level, _number(line.weight), _number(line.share_kept), _number(line.at_stake), _number(line.lost)
    )  # fmt: skip


def _rests_on(opr: OprLines) -> Table:
    rows = tuple((line.measure, _cell_title(line), "; ".join(line.told) or "nothing", line.why or "none") for line in opr.cells)
    columns = (Column("Measure", share=2), Column("Cell"), Column("Figures, met of counted", share=4), Column("Remark", share=3))
    return Table("What each cell rests on", columns, rows, "The regime has no cell in this year.")


def _assumptions(opr: OprLines) -> Table:
    rows = tuple(
        (spoken(line.table), line.keys, line.value, line.since, Status(line.status), line.source) for line in opr.assumptions
    )  # fmt: skip
    columns = (
        Column("Table"), Column("Of", share=3), Column("Value", share=2), Column("Since"), Column("Known as", "status"),
        Column("Source", share=3),
    )  # fmt: skip
    return Table("Parameters that are not verified", columns, rows, "Every parameter of the year is verified.")


def _cell_title(line: OprCellLine) -> str:
    return VALUES.get(line.cell, spoken(line.cell))


def _number(text: str) -> Cell:
    return Shown(text, "", True) if text else _NONE


OPR = Section(
    name="opr", title="Operational Performance Regime (indicative)", order=59, build=build, sheet="Indicative OPR", starts_page=False
)
