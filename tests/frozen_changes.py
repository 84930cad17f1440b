"""The changes of the made-up run: one of most kinds, divided and not, with actions in words that must stay words."""

from tocsin.reports.frozen_changes import ActionLine, ActionNote, BesideLine, CellLine, ChangeLine, ChangeLines, SplitLine
from tocsin.vocabulary.calendar import parse_instant

MINUS = "\N{MINUS SIGN}"
AGAINST = "2021-07"

WHOLE = CellLine((), 12_000, 11_760, 10_827, 10_395, f"{MINUS}1.900", f"{MINUS}0.090", f"{MINUS}1.990", "98.00", "96.01", cells=40)
CELLS = (
    CellLine(
        (("srv", "2.2"), ("party_code", "P004211"), ("device_type", "ESME"), ("region", "north")),
        1_000, 980, 900, 700, f"{MINUS}1.500", "+0.010", f"{MINUS}1.490", "98.00", "77.78",
    ),
    CellLine((("srv", "1.5"), ("party_code", "P731900")), 400, 400, 400, 360, f"{MINUS}0.350", "0.000", f"{MINUS}0.350", "100.00", "90.00"),
    CellLine(
        (("srv", "4.3"), ("device_type", "GPF"), ("region", "smets1")),
        0, 0, 27, 15, "0.000", f"{MINUS}0.100", f"{MINUS}0.100", "n/a (0 events)", "55.56", told="new",
    ),
    CellLine((), 10_600, 10_380, 9_500, 9_320, f"{MINUS}0.050", "0.000", f"{MINUS}0.050", "97.92", "98.11", cells=37),
)  # fmt: skip
ALONE = (
    CellLine((("region", "north"),), 3_000, 2_940, 2_700, 2_400, f"{MINUS}1.800", f"{MINUS}0.100", f"{MINUS}1.900", "98.00", "88.89"),
    CellLine((("region", ""),), 9_000, 8_820, 8_127, 7_995, f"{MINUS}0.100", "+0.010", f"{MINUS}0.090", "98.00", "98.38", cells=3),
)


def change(key: str, kind: str, **other: object) -> ChangeLine:
    """A change by its key, new against July unless told otherwise."""
    name = key.partition(":")[0]
    subject, _, indicator = name.partition(".")
    told: dict[str, object] = {
        "subject": subject, "indicator": indicator, "figure": name, "since": "2021-08", "months": 1, "against": AGAINST, "before": "98.00",
        "now": "96.01", "unit": "percent", "change": f"{MINUS}1.99", "events": 215, "events_words": "events that went otherwise",
    }  # fmt: skip
    return ChangeLine(key=key, kind=kind, **{**told, **other})  # type: ignore[arg-type]  # words of a test's own


def made_up_changes(hostile: str, long: str) -> ChangeLines:
    """With words of others in them that a renderer must not read as its own."""
    at = parse_instant("2021-09-10T09:00:00Z")
    return ChangeLines(
        against=AGAINST,
        run_id="2021-07-20210823T160000-77aa",
        lines=(
            change("cpm_4:below_level", "below_minimum", events=5, events_words="events short of target", since="2021-06", months=3),
            change(
                "audit_trail/DSP:missing", "missing", subject="audit_trail/DSP", figure="", unit="count", before="0 of 31", now="1 of 31",
                change="+1", events=1, events_words="files",
            ),
            change(
                "cpm_2:incomplete", "incomplete", change="", now="n/a (incomplete: 29 of 31 files)", events_words="figures without a value",
            ),
            change(
                "prepayment.success_rate:fell", "fell", is_moved=True, since="2021-06", months=3, against="2021-05",
                split=SplitLine(("srv", "party_code", "device_type", "region"), WHOLE, CELLS, 2, ALONE),
            ),
            change(
                "prepayment.round_trip_p95:slower", "slower", unit="seconds", before="28.1", now="40.3", change="+12.2", events=10_000,
                events_words="answers timed", beside=(BesideLine("region", "north", "29.0", "55.1", 2_000),),
            ),
            change("meter_reads.success_rate:rose", "rose", split=SplitLine(why="The change cannot be divided: the tallies are gone.")),
        ),
        slight=7,
        actions=(
            ActionLine(
                "A1", "prepayment.success_rate:fell", "2021-06", hostile, long, "2021-08-31", at, "overdue", 0, (ActionNote(at, hostile),),
            ),
            ActionLine("A2", "cpm_4:below_level", "2021-08", "Watch the queue of category 1", "DSP", "2021-12-31", at, "open"),
            ActionLine("A3", "cpm_9:below_level", "2021-05", "Long done", "OPSG", "2021-07-31", at, "closed", at),
        ),
    )  # fmt: skip
