"""A made-up frozen run with everything a report meets: holes, small numbers, assumed levels, hostile and very long words.

Numbers are made up by whole-number rules, never drawn, so that every test sees the same run.
"""

from dataclasses import replace
from decimal import Decimal

from frozen_changes import made_up_changes
from frozen_words import FEEDS, made_up_restatements, made_up_words
from tocsin.measuring.figures import Figure
from tocsin.reports.deadlines import pmr_deadlines
from tocsin.reports.frozen import (
    AssumptionLine,
    CubeLine,
    DayLine,
    FrozenRun,
    MeasureText,
    OddityLine,
    OpenBreachedLine,
    ProcessText,
    WordLine,
)
from tocsin.reports.frozen_received import DeliveryLine, FindingLine, RefusedFile, SlotLine
from tocsin.reports.frozen_rhythm import BandsLine, HoursLine, OfTheDayLine, RhythmLines
from tocsin.reports.frozen_waits import WaitLine
from tocsin.vocabulary.calendar import Period, WorkingDays, parse_instant

PERIOD = Period(2021, 8)
HOSTILE = "=cmd|'/C calc'!A0 [brackets] #hash *stars* <script>alert(1)</script> & \"quotes\" $maths$ @ref \\back"
LONG = "Regional_Service_Desk_and_Second_Line_Resolver_Group_for_Communications_Hubs_of_the_Central_and_South_Regions_without_any_space"
FOREIGN = "Ynni Môn ŵyth 漢字 \U0001f600"
HOLES = {"no_events": "n/a (0 events)", "no_data": "n/a (no data)", "incomplete": "n/a (incomplete: 30 of 31 files)"}
REGIONS = ("north", "central", "south", "smets1")
# In the order of their letters, as a run sorts them.
SRVS = ("1.5", "11.1", "2.1", "2.2", "4.18", "4.3")


def figure(
    subject: str,
    indicator: str = "",
    breakdown: tuple[tuple[str, str], ...] = (),
    *,
    shown: str = "",
    counted: int | None = None,
    met: int | None = None,
    unit: str = "percent",
    status: str = "stated",
    level: tuple[str, str] | None = None,
    marks: tuple[str, ...] = (),
) -> Figure:
    """A figure with the words given; a hole takes the words of its status and no value."""
    name = ".".join(word for word in (subject, indicator) if word) + "".join(f"/{column}={value}" for column, value in breakdown)
    hole = status in HOLES
    return Figure(
        name=name,
        subject=subject,
        indicator=indicator,
        breakdown=breakdown,
        unit=unit,
        counted=None if status == "no_data" else counted,
        met=None if status == "no_data" else met,
        value=None if hole else Decimal(shown),
        shown=HOLES[status] if hole else shown,
        status=status,
        target=Decimal(level[0]) if level else None,
        minimum=Decimal(level[1]) if level else None,
        marks=marks,
        journey="service_requests",
        predicate="set_aside = '' AND (outcome IN ('success', 'timeout'))",
        # One of the 31 files of the audit trail is missing, and the figures of this made-up run heed it only where they say so.
        filled=30,
        expected=31,
        so_far="98.57" if status == "incomplete" else "",
    )


WAITS = (
    WaitLine(
        "audit_trail", "DSP", 31, 1, 0, parse_instant("2021-09-01T00:00:00Z"), None, ("cpm_1", "cpm_2", "prepayment", "meter_reads")
    ),
    WaitLine("incidents", FOREIGN, 1, 0, 1, None, None, ("cpm_4", "cpm_5", "cpm_5a")),
    WaitLine("audit_trail", "DSP", 2, 0, 2, None, parse_instant("2021-10-01T00:00:00Z"), ("cpm_1", "prepayment"), is_after=True),
)  # fmt: skip


def _measures() -> list[Figure]:
    on_demand, incidents = ("99", "96"), ("100", "85")
    return [
        figure(
            "cpm_1", shown="98.9996", counted=11_146_000, met=11_034_498, status="below_target", level=on_demand, marks=("assumed_level",)
        ),
        *(
            figure(
                "cpm_1",
                "",
                (("service_provider", sp), ("region", region)),
                shown=shown,
                counted=counted,
                met=met,
                status=status,
                level=on_demand,
                marks=("assumed_level", *marks),
            )
            for sp, region, shown, counted, met, status, marks in (
                ("DSP", "north", "99.50", 9_950_000, 9_900_250, "met", ()),
                ("CSPN", "north", "90.00", 200_000, 180_000, "below_minimum", ()),
                ("CSPC", "central", "99.00", 400_000, 396_000, "met", ("provisional",)),
                ("CSPS", "south", "94.12", 17, 16, "below_minimum", ("small_numbers",)),
            )
        ),
        figure(
            "cpm_1", "", (("service_provider", "S1SP-SECURE"), ("region", "smets1")), counted=0, met=0, status="no_events", level=on_demand
        ),
        figure("cpm_1", "component_mean", shown="96.81", counted=11_146_000, met=11_034_498, status="below_target", level=on_demand),
        figure(
            "cpm_1",
            "component_min",
            (("service_provider", "CSPN"), ("region", "north")),
            shown="90.00",
            counted=200_000,
            met=180_000,
            status="below_minimum",
            level=on_demand,
        ),
        figure("cpm_2", counted=700, met=690, status="incomplete", level=on_demand, marks=("assumed_level", "provisional")),
        figure("cpm_4", shown="100.00", counted=7, met=7, status="met", level=incidents, marks=("assumed_level", "small_numbers")),
        figure("cpm_4", "", (("resolver_group", HOSTILE),), shown="100.00", counted=7, met=7, status="met", level=incidents),
        figure("cpm_5", counted=0, met=0, status="no_events", level=("90", "80"), marks=("assumed_level",)),
        figure("cpm_5a", shown="76.47", counted=34, met=26),
    ]


def _process(name: str, scale: int) -> list[Figure]:
    splits: list[tuple[str, tuple[str, ...]]] = [
        ("srv", SRVS),
        ("party_code", ("P004211", "P731900", "P900002", "UNKNOWN")),
        ("device_type", ("ESME", "GSME", "GPF", "CHF", "NONE")),
        ("region", REGIONS),
    ]
    places: list[tuple[tuple[str, str], ...]] = [(), *(((column, value),) for column, values in splits for value in values)]
    found = []
    for n, place in enumerate(places):
        volume = scale * (len(places) - n) + 3
        small = ("small_numbers",) if volume < 20 else ()
        found.append(figure(name, "volume", place, shown=str(volume), counted=volume, unit="count"))
        if n % 11 == 7:
            found.append(figure(name, "success_rate", place, counted=0, met=0, status="no_events"))
            continue
        found.append(figure(name, "success_rate", place, shown=f"9{n % 8}.{10 + n}", counted=volume, met=volume - n, marks=small))
        for step, word in enumerate(("p50", "p90", "p95", "p99", "max")):
            shown = f"{4 + n % 5 + step * step * 7}.{n % 10}"
            found.append(figure(name, f"round_trip_{word}", place, shown=shown, counted=volume, unit="seconds", marks=small))
        found.append(figure(name, "within_target", place, shown=f"9{n % 5}.00", counted=volume, met=volume - n))
    return found + _pairs(name)


def _pairs(name: str) -> list[Figure]:
    """Two Service Request Variants by what they are crossed with, and one of which nothing is shown by party."""
    across = (("region", REGIONS), ("device_type", ("ESME", "GPF", "NONE")), ("party_code", ("P004211", "P731900", "P900002")))
    places = [(("srv", srv), (column, value)) for srv in ("2.2", "4.18") for column, values in across for value in values]
    found = []
    for n, place in enumerate(places[:-1]):
        volume, small = 5 + 7 * n, ("small_numbers",) if n < 3 else ()
        found.append(figure(name, "volume", place, shown=str(volume), counted=volume, unit="count"))
        found.append(figure(name, "success_rate", place, shown=f"9{n % 9}.4{n % 10}", counted=volume, met=volume - 1, marks=small))
        found += [figure(name, f"round_trip_{p}", place, shown=f"{n}.{len(p)}", counted=volume, unit="seconds") for p in ("p50", "p95")]
    hidden = (("srv", "11.1"), ("party_code", "not_shown"))
    for indicator, unit in (("volume", "count"), ("success_rate", "percent"), ("round_trip_p95", "seconds")):
        found.append(replace(figure(name, indicator, hidden, shown="0", unit=unit, marks=("suppressed",)), value=None, shown="suppressed"))
    return found


def _days(process: str, scale: int) -> tuple[DayLine, ...]:
    lines = []
    for n, day in enumerate(PERIOD.days()):
        if n in {12, 13}:
            continue
        volume = scale * (20 + (n * 7) % 11)
        rate = None if n == 20 else Decimal(f"9{5 + n % 4}.{10 + n}")
        counted = 0 if rate is None else volume - 2
        lines.append(DayLine(process, day, volume, counted, max(0, counted - n), rate, "n/a (0 events)" if rate is None else str(rate)))
    return tuple(lines)


def _rhythm() -> RhythmLines:
    """Hours of one process on the days that its daily lines have, and spans on four bands under two targets and none."""
    hours = []
    for line in _days("prepayment", 1_203):
        # The whole day in the three hours from seven, nothing counted in the last of them.
        volume = tuple(line.volume - 300 if hour == 7 else 200 if hour == 8 else 100 if hour == 9 else 0 for hour in range(24))
        counted = tuple(number - (hour == 7) if hour in {7, 8} else 0 for hour, number in enumerate(volume))
        rates = tuple(f"9{line.day % 9}.{hour:02d}" if counted[hour] else "" for hour in range(24))
        hours.append(HoursLine(line.process, line.day, volume, counted, counted, rates))
    of_the_day = tuple(
        OfTheDayLine(
            "prepayment", hour, *(sum(getattr(line, field)[hour] for line in hours) for field in ("volume", "counted", "success")),
            f"9{hour}.00" if hour in {7, 8} else "",
        )
        for hour in range(24)
    )  # fmt: skip
    bands = (
        BandsLine("prepayment", "", None, (1, 0, 0, 0), ("0.62", "0.00", "0.00", "0.00"), 0, ""),
        BandsLine("prepayment", "", 30_000_000, (0, 90, 30, 0), ("0.00", "56.25", "18.75", "0.00"), 100, "83.33"),
        BandsLine("prepayment", "", 86_400_000_000, (0, 0, 39, 0), ("0.00", "0.00", "24.38", "0.00"), 39, "100.00"),
        BandsLine("prepayment", "UNKNOWN", None, (1, 0, 0, 0), ("100.00", "0.00", "0.00", "0.00"), 0, ""),
        BandsLine("prepayment", "north", 30_000_000, (0, 90, 30, 0), ("0.00", "75.00", "25.00", "0.00"), 100, "83.33"),
        BandsLine("prepayment", "south", 86_400_000_000, (0, 0, 39, 0), ("0.00", "0.00", "100.00", "0.00"), 39, "100.00"),
    )
    return RhythmLines((500, 30_000, 86_400_000), tuple(hours), of_the_day, bands)


def _deliveries() -> tuple[DeliveryLine, ...]:
    return (
        *(
            DeliveryLine(
                f"audit_trail-{n:04d}",
                "audit_trail",
                "DSP",
                f"DSP_AUDIT_202108{n:02d}.csv.gz",
                f"2021-08-{n:02d}",
                "final",
                parse_instant(f"2021-08-{n:02d}T23:11:09Z"),
                120_000 + n,
                119_990 + n,
                10,
                n % 3,
            )
            for n in range(1, 30)
        ),
        DeliveryLine(
            "incidents-0001",
            "incidents",
            "DCC",
            HOSTILE + ".csv",
            "2021-08",
            "initial",
            parse_instant("2021-09-02T08:00:00Z"),
            42,
            41,
            1,
            0,
        ),
        DeliveryLine(
            "incidents-0002", "incidents", FOREIGN, LONG + ".xlsx", "2021-08", "final", parse_instant("2021-09-06T08:00:00Z"), 0, 0, 0, 0
        ),
    )


def made_up_run(*, is_complete: bool = False) -> FrozenRun:
    """The run of August 2021, provisional unless told otherwise."""
    measure = (
        "SEC H13.1",
        "Every On-Demand Service Request received in the period.",
        "flow IN ('on_demand', 'critical', 'dcc_only')",
        "Answered within its Target Response Time.",
        "round_trip_us <= target_response_us",
    )
    return FrozenRun(
        run_id="2021-08-20210924T161500Z-5f0c",
        period=PERIOD,
        as_at=parse_instant("2021-09-24T16:00:00Z"),
        made_at=parse_instant("2021-09-24T16:15:00Z"),
        code_version="1.0.0",
        engine="embedded",
        parameters_digest="9b74c9897bac770ffc029102a200c5de5f0c1c5f9b74c9897bac770ffc029102",
        basis_digest="3c9909afec25354d551dae21590bb26e38d53f2173b8d3dc3eee4c047e7ab1c1",
        is_complete=is_complete,
        figures=(
            *_measures(),
            *_process("prepayment", 1_203),
            *_process("meter_reads", 1),
            figure("device_alerts", "volume", status="no_data"),
            figure("tariff_updates", "success_rate", counted=0, met=0, status="no_events"),
            figure("other", "volume", shown="12", counted=12, unit="count"),
        ),
        deliveries=_deliveries(),
        refused_files=(
            RefusedFile("CSPN_ESI101_202109.csv", 'Column "Measure Ref" is missing (found: Ref, Num, Den).'),
            RefusedFile(LONG + HOSTILE, "Not a gzip file: the last 4,096 bytes are missing."),
        ),
        findings=(
            FindingLine("audit_trail-0003", "AT-04", "The stamp lies in the period the file says it covers.", 10),
            FindingLine("audit_trail-0007", "AT-04", "The stamp lies in the period the file says it covers.", 5),
            FindingLine("incidents-0001", "IN-02", HOSTILE, 1),
        ),
        slots=(
            *(
                SlotLine("audit_trail", "DSP", f"2021-08-{n:02d}", parse_instant(f"2021-08-{n:02d}T23:59:00Z"), "on_time")
                for n in range(1, 30)
            ),
            SlotLine("audit_trail", "DSP", "2021-08-30", parse_instant("2021-09-01T00:00:00Z"), "missing"),
            SlotLine("audit_trail", "DSP", "2021-08-31", parse_instant("2021-09-02T00:00:00Z"), "late"),
            SlotLine("party_list", FOREIGN, "2021-08", None, "not_expected"),
        ),
        oddities=(
            OddityLine("service_requests.negative_span", "The answer was stamped before the request: set aside, in no measure.", 4),
            OddityLine("late_copy", "A late copy of a request already closed: kept once.", 1_204),
            OddityLine("unknown_srv", "A Service Request Variant that is not in the list: kept under Other.", 0),
        ),
        measures=tuple(
            MeasureText(name, title, *measure, *level, reading)
            for name, title, level, reading in (
                (
                    "cpm_1",
                    "CPM 1: On-Demand Service Responses within Target Response Time",
                    ("99", "96", "2021-02-25", "assumed"),
                    "Observed in the audit trail, not as Service Providers report it.",
                ),
                ("cpm_2", "CPM 2: Future-Dated Service Responses within Target Response Time", ("99", "96", "2021-02-25", "assumed"), ""),
                ("cpm_4", "CPM 4: Category 1 and 2 Incidents resolved in time", ("100", "85", "2021-02-25", "assumed"), ""),
                ("cpm_5", "CPM 5: Category 3 Incidents resolved in time", ("90", "80", "2021-02-25", "assumed"), "Reading R1 (assumed)."),
                ("cpm_5a", "CPM 5A: Category 4 and 5 Incidents resolved in time", (None, None, None, None), "Reading R1 (assumed)."),
            )
        ),
        processes=(
            ProcessText("prepayment", "PPM", "Pre-Payment", 2, "Totals use the primary process of each SRV only."),
            ProcessText("meter_reads", "MRD", "Meter Reads", 6, "Totals use the primary process of each SRV only."),
            ProcessText("tariff_updates", "TAR", "Tariff Updates", 5, ""),
            ProcessText("device_alerts", "VAL", "Device Alerts", 12, "", "no feed of this version carries alerts."),
        ),
        assumptions=(
            *(AssumptionLine("srv_process", srv, "PPM", "2012-01-01", "inferred", "domain.md 5.3") for srv in SRVS),
            AssumptionLine("incident_targets", "1 resolution", "14400 s", "2012-01-01", "assumed", HOSTILE),
            AssumptionLine("srv_map", "12 rows", "see the shipped table", "", "inferred", "each row names its own"),
            AssumptionLine("settings", "timeout_grace_of_a_request_" + LONG, "24 hours", "2012-01-01", "assumed", "domain.md 6.4"),
        ),
        days=_days("prepayment", 1_203) + _days("meter_reads", 1)[:6],
        incident_cube=(
            CubeLine(1, "resolution", "DSP", 3, 3, "100.00"),
            CubeLine(2, "resolution", HOSTILE, 4, 4, "100.00"),
            CubeLine(3, "initial_response", LONG, 21, 20, "95.24"),
            CubeLine(0, "resolution", "", 1, 0, "0.00"),
            CubeLine(5, "resolution", FOREIGN, 34, 26, "76.47"),
        ),
        open_breached=(OpenBreachedLine(2, "resolution", "CSPN", 3, 1), OpenBreachedLine(4, "resolution", LONG, 12, 0)),
        changes=made_up_changes(HOSTILE, LONG),
        provider_words=made_up_words(HOSTILE, LONG),
        feeds=FEEDS,
        restated=made_up_restatements(),
        waits=() if is_complete else WAITS,
        rhythm=_rhythm(),
        deadlines=pmr_deadlines(PERIOD, WorkingDays()),
        words=(
            WordLine("srv", "1.5", "Update Meter Balance"),
            WordLine("srv", "2.1", "Update Prepay Configuration"),
            WordLine("srv", "2.2", "Top Up Device"),
            WordLine("srv", "4.18", "Read Meter Balance"),
            WordLine("srv", "4.3", "Retrieve Change Of Mode / Tariff Triggered Billing Data Log (Payment Based Debt Payments)"),
            WordLine("region", "north", "North"),
            WordLine("region", "central", "Central"),
            WordLine("region", "south", "South"),
            WordLine("region", "smets1", "SMETS1"),
            WordLine("category", "1", "major"),
        ),
        provisional_because=()
        if is_complete
        else ("2 of 32 deliveries that were due had not come.", "37 requests were still inside their waiting time."),
    )
