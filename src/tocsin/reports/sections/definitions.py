"""Definitions: each rule as a sentence and as the predicate that says the same to an engine, and the levels in force."""

from tocsin.reports.blocks import Block, Cell, Column, Heading, Prose, Status, Table, level
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.wording import measure_title, spoken

_RULES = (Column("Measure"), Column("Rule"), Column("In words", share=4), Column("As asked of the engine", "code", 4))
_NUMBERS = (
    ("Share", "100 × met ÷ counted, divided once, from whole numbers; judged unrounded, shown to two places, half away from zero."),
    ("Volume", "Every request that belongs to the period, rejected ones included."),
    ("Success rate", "Successful requests out of all that were due an answer; rejected by validation and still open ones are left out."),
    ("RTT percentile", "Nearest rank: the least Round Trip Time that so many of a thousand do not exceed; rounded down to 0.1 s."),
    ("Within target", "Of successful answers, those within their Target Response Time; of Incidents, those within target. Inclusive."),
    ("Small numbers", "A mark beside a figure made from fewer events than the setting of that name says."),
    ("Assumed level", "A mark beside a status judged by a Service Level whose source text was not at hand."),
    ("Provisional", "A mark beside a figure that may change when late answers or deliveries come in."),
    ("Suppressed", "A mark beside a figure that is not shown because its size would give a party away."),
)


def build(run: FrozenRun) -> list[Block]:
    return [
        Heading("Numbers and marks"),
        Table("Numbers and marks", (Column("Term"), Column("Meaning", share=4)), _NUMBERS, "No term is in use."),
        Heading("Code Performance Measures"),
        Prose("Sentence and predicate are declared together; the predicate is the text every engine was asked."),
        _rules(run),
        _levels(run),
    ]


def _rules(run: FrozenRun) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for measure in run.measures:
        rows.append((spoken(measure.name).upper(), "Counted", measure.counted_sentence, measure.counted_predicate))
        rows.append((spoken(measure.name).upper(), "Met", measure.met_sentence, measure.met_predicate))
    return Table("Rules of the measures", _RULES, tuple(rows), "No Code Performance Measure was declared when this run was made.")


def _levels(run: FrozenRun) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for measure in run.measures:
        status = Status(measure.level_status) if measure.level_status else "no level known"
        levels = (level(measure.target), level(measure.minimum), measure.level_since or "not known", status)
        rows.append((measure_title(measure), measure.clause or "not said", *levels))
    columns = (
        Column("Measure", share=3), Column("Clause", share=2), Column("Target, %", "figure"), Column("Minimum, %", "figure"),
        Column("Since"), Column("Known as", "status"),
    )  # fmt: skip
    return Table("Service Levels in force", columns, tuple(rows), "No Service Level was in force.")


DEFINITIONS = Section(name="definitions", title="Definitions", order=70, build=build)
