"""A closed month of the simulated estate against the truth that was counted while it was drawn: every difference, in both directions."""

import csv
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from tocsin.estate.senders.rhythm import LOCAL, LOCAL_ZONE
from tocsin.estate.truth.faults import PlantedFault, read_faults
from tocsin.measuring.anonymity import party_codes, reporting_year
from tocsin.measuring.figures import Figure
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_received import SlotLine
from tocsin.vocabulary.holes import UNKNOWN

Row = Mapping[str, str]

# Which file of the truth tells the figures and the oddities of which kind of journey.
FIGURES = {
    "service_requests": "figures.csv",
    "incident_clocks": "incident_figures.csv",
    "incident_days": "incident_day_figures.csv",
    "incident_regrades": "incident_regrade_figures.csv",
    "outage_incidents": "outage_incident_figures.csv",
    "hub_installs": "hub_figures.csv",
    "no_wan_matches": "no_wan_figures.csv",
    "hub_quarters": "hub_quarter_figures.csv",
    "firmware_uploads": "firmware_upload_figures.csv",
    "firmware_activations": "firmware_activation_figures.csv",
    "trail_activations": "trail_activation_figures.csv",
    "hub_downloads": "hub_download_figures.csv",
    "hub_versions": "hub_version_figures.csv",
    "provider_levels": "report_figures.csv",
    "availability": "availability_figures.csv",
    "smki_requests": "smki_figures.csv",
    "hub_order_records": "hub_order_figures.csv",
    "alerts": "alert_figures.csv",
    "alert_legs": "alert_leg_figures.csv",
    "alert_slices": "alert_slice_figures.csv",
    "alert_losses": "alert_loss_figures.csv",
}
ODDITIES = {
    "service_requests": "oddities.csv",
    "incident_clocks": "incident_oddities.csv",
    "incident_days": "incident_day_oddities.csv",
    "incident_regrades": "incident_regrade_oddities.csv",
    "hub_installs": "hub_oddities.csv",
    "no_wan_matches": "no_wan_oddities.csv",
    # Both kinds of journey of device firmware in one file.
    "firmware_uploads": "firmware_oddities.csv",
    "firmware_activations": "",
    "trail_activations": "trail_activation_oddities.csv",
    "hub_downloads": "hub_download_oddities.csv",
    # All four kinds of journey of alerts in one file.
    "alerts": "alert_oddities.csv",
    "alert_legs": "",
    "alert_slices": "",
    "alert_losses": "",
}

# Business Processes by day: those of Service Requests, and those of alerts.
DAYS = ("days.csv", "alert_days.csv")

_SPLIT = "/sec_party="


def compare(run: FrozenRun, truth: Path, secret: bytes, journeys: Collection[str] = ()) -> list[str]:
    """What the run and the truth do not tell alike, a sentence each; none where every figure is right to the last whole number.

    `secret` is the key of the party codes: the truth calls SEC Parties by their names. `journeys`: only the figures of these.
    """
    # A kind of journey that no truth tells of is a difference too.
    untold = [] if journeys else sorted({figure.journey for figure in run.figures} - FIGURES.keys())
    differences = [f"{journey}: the run has figures of it, and the truth tells of none" for journey in untold]
    for journey, file in FIGURES.items():
        if journeys and journey not in journeys:
            continue
        expected = {row["name"]: row for row in _named(_rows(truth / file), _codes(truth, run, secret))}
        found = {figure.name: figure for figure in run.figures if figure.journey == journey}
        differences += [f"{name}: in the truth, not in the run" for name in sorted(expected.keys() - found.keys())]
        differences += [f"{name}: in the run, not in the truth" for name in sorted(found.keys() - expected.keys())]
        for name in sorted(expected.keys() & found.keys()):
            differences += [f"{name}: {told}" for told in _differs(found[name], expected[name])]
    return [*differences, *_days(run, truth), *_oddities(run, truth, journeys)]


def unexplained(run: FrozenRun, truth: Path) -> list[str]:
    """What the run finds amiss with files and rows that nobody planted: refused files and rows, duplicates, files late or missing."""
    faults = read_faults(truth / "faults.csv")
    planted = {(fault.file, fault.named_as): fault.count for fault in faults}
    slots = {slot for fault in faults for slot in _befallen(fault)}
    files = {line.delivery_id: line.file_name for line in run.deliveries}
    found = [f"{line.file_name}: refused whole" for line in run.refused_files if (line.file_name, "refused_file") not in planted]
    for line in run.findings:
        # Words that no table has are kept as they came, and lines may be blank: neither is a fault of the file.
        is_remark = ":" in line.check_id or line.check_id.endswith("-BLANK")
        if not is_remark and planted.get((files[line.delivery_id], f"check:{line.check_id}")) != line.count:
            found.append(f"{files[line.delivery_id]}: {line.check_id} {line.count} times")
    for slot in run.slots:
        # What was to come after the as-at instant is missing without any fault.
        is_due = slot.due_at is not None and slot.due_at <= run.as_at and not _is_of_a_long_day(slot)
        if slot.state in ("late", "missing") and is_due and (slot.feed, slot.sender, slot.covers) not in slots:
            found.append(f"{slot.feed} of {slot.sender} for {slot.covers}: {slot.state}")
    return found


def _befallen(fault: PlantedFault) -> set[tuple[str, str, str]]:
    """The slots a fault of a file leaves unfilled: a local day of summer ends the day of UTC it begins in, and most of the next."""
    days = {fault.slot}
    if fault.slot and fault.feed == "audit_trail" and fault.sender == LOCAL:
        late_on = datetime.combine(date.fromisoformat(fault.slot), time(23, 30), tzinfo=UTC)
        if late_on.astimezone(ZoneInfo(LOCAL_ZONE)).utcoffset():
            days.add((late_on + timedelta(days=1)).date().isoformat())
    return {(fault.feed, fault.sender, day) for day in days}


def _is_of_a_long_day(slot: SlotLine) -> bool:
    """Late by the clock alone: a day of UTC, the last hour of which is in the file of a local day of 25 hours that ends when it is due."""
    if slot.feed != "audit_trail" or slot.sender != LOCAL or slot.state != "late":
        return False
    noon = datetime.combine(date.fromisoformat(slot.covers), time(12), tzinfo=ZoneInfo(LOCAL_ZONE))
    return (noon + timedelta(days=1)).utcoffset() != noon.utcoffset()


def _differs(figure: Figure, row: Row) -> Iterator[str]:
    is_telling = row.get("is_telling") == "true"
    if ("suppressed" in figure.marks) != is_telling:
        yield f"suppressed is {'suppressed' in figure.marks}, by the truth {is_telling}"
    counted = None if row["counted"] == "" or is_telling else int(row["counted"])
    met = None if row["met"] == "" or is_telling else int(row["met"])
    if figure.counted != counted:
        yield f"counted {figure.counted}, by the truth {counted}"
    if figure.unit == "percent" and (figure.met or 0) != (met or 0):
        yield f"met {figure.met}, by the truth {met}"
    yield from _differs_in_value(figure, row, is_telling)


def _differs_in_value(figure: Figure, row: Row, is_telling: bool) -> Iterator[str]:
    """The value, made from the truth's own whole numbers; a hole where owed files are missing, where nothing happened, or it tells."""
    if figure.status in ("no_data", "incomplete") or is_telling:
        if figure.value is not None:
            yield f"value {figure.value} beside status {figure.status}"
        return
    exact: Fraction | None = Fraction(int(row["counted"]))
    if figure.unit == "seconds":
        exact = Fraction(int(row["value_decisecond"]), 10) if row["value_decisecond"] else None
    elif figure.unit == "percent":
        exact = Fraction(100 * int(row["met"]), int(row["counted"])) if int(row["counted"]) else None
    # The mean of the components is no quotient of two whole numbers that the truth tells.
    is_mean = figure.indicator == "component_mean"
    if not is_mean and not _equals(figure.value, exact):
        yield f"value {figure.value}, by the truth {exact}"


def _equals(value: Decimal | None, exact: Fraction | None) -> bool:
    """Whether a value is the exact one, written with the 28 digits of a figure; or neither is there."""
    if value is None or exact is None:
        return value is None and exact is None
    return abs(Fraction(value) - exact) < Fraction(1, 10**20)


def _days(run: FrozenRun, truth: Path) -> list[str]:
    rows = [row for file in DAYS for row in _rows(truth / file)]
    expected = {(row["process"], row["day"]): (row["volume"], row["counted"], row["success"]) for row in rows}
    found = {(line.process, str(line.day)): (str(line.volume), str(line.counted), str(line.success)) for line in run.days}
    alike = {*expected.items()} & {*found.items()}
    return [
        f"{process} on day {day}: volume, counted and success {found.get((process, day))}, by the truth {expected.get((process, day))}"
        for process, day in sorted(expected.keys() | found.keys())
        if ((process, day), expected.get((process, day), ())) not in alike
    ]


def _oddities(run: FrozenRun, truth: Path, journeys: Collection[str]) -> list[str]:
    expected = {row["name"]: int(row["count"]) for file in ODDITIES.values() if file for row in _rows(truth / file)}
    asked = journeys or ODDITIES
    found = {line.name: line.count for line in run.oddities if line.name.partition(".")[0] in ODDITIES.keys() & {*asked}}
    names = sorted(expected.keys() | found.keys())
    return [
        f"{name}: {found.get(name, 0)}, by the truth {expected.get(name, 0)}"
        for name in names
        if found.get(name, 0) != expected.get(name, 0)
    ]


def _codes(truth: Path, run: FrozenRun, secret: bytes) -> dict[str, str]:
    """The code of every party that the truth names, as the run's reporting year has it."""
    names = {_unescaped(row["name"].partition(_SPLIT)[2]) for row in _rows(truth / FIGURES["service_requests"]) if _SPLIT in row["name"]}
    return {UNKNOWN: UNKNOWN, **party_codes(names, reporting_year(run.period), secret)}


def _named(rows: list[Row], codes: Mapping[str, str]) -> Iterator[Row]:
    for row in rows:
        subject, split, party = row["name"].partition(_SPLIT)
        yield {**row, "name": f"{subject}/party_code={codes[_unescaped(party)]}"} if split else row


def _unescaped(name: str) -> str:
    return name.replace("%2F", "/").replace("%3D", "=").replace("%25", "%")


def _rows(file: Path) -> list[Row]:
    """No file is a truth that tells of none: what the run has of them would be found to be in no truth."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
