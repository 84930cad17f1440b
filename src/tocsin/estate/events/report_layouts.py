"""How each sender lays out its monthly reports: thirteen layouts, each with its Shape in senders/shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict, Unpack

from tocsin.estate.senders.table_file import Format, TableLayout

REPORT_WORDS = {"esi_101": "ESI-101", "esi_102": "ESI-102", "monthly": "PMR"}


@dataclass(frozen=True)
class ReportLayout:
    """A sender's layout, and how its files are called: `name` with {month} and {submission} in it."""

    sender: str
    name: str
    table: TableLayout


class Written(TypedDict, total=False):
    """What else of a TableLayout a sender has its own way of writing."""

    delimiter: str
    encoding: str
    stamp: str
    zone: str
    sheet: str


def _layout(sender: str, name: str, columns: Mapping[str, str], form: Format = "csv", **written: Unpack[Written]) -> ReportLayout:
    words: Mapping[str, Mapping[str, str]] = {"report": REPORT_WORDS}
    return ReportLayout(sender, name, TableLayout(columns, form, values=words, stamps=("month_start_at",), **written))


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


LAYOUTS: tuple[ReportLayout, ...] = (
    _layout(
        "DSP",
        "DSP_PERFORMANCE_{month}_{submission}.xlsx",
        {
            "Report": "report", "Measure": "measure_ref", "Unit": "unit", "In scope": "counted", "Achieved": "met",
            "SL x 100": "percent_hundredths", "Exceptions": "exception_count", "Commentary": "comment",
        },
        "xlsx",
        sheet="Service levels",
    ),
    _layout(
        "CSPN",
        "CSPN-ESI-{month}-{submission}.csv",
        {
            "report": "report", "ref": "measure_ref", "unit": "unit", "due": "counted", "on time": "met",
            "exceptions": "exception_count", "remarks": "comment",
        },
        delimiter=";",
    ),
    _layout(
        "CSPCS",
        "CSP_CENTRAL_SOUTH_{month}_{submission}.xlsx",
        {
            "Report": "report", "SPPM": "measure_ref", "Contract": "service_provider", "Region": "region", "Type": "unit",
            "Denominator": "counted", "Numerator": "met", "Level": "percent", "Agreed exceptions": "exception_count", "Comment": "comment",
        },
        "xlsx",
        sheet="SPPM",
    ),
    _layout(
        "S1SP-SECURE",
        "SecurePMR{month}{submission}.csv",
        {"Doc": "report", "Measure": "measure_ref", "Count": "counted", "Met": "met", "Percent": "percent", "Notes": "comment"},
    ),
    _layout(
        "S1SP-DXC",
        "dxc.pmr.{month}.{submission}.tsv",
        {"doc": "report", "sli": "measure_ref", "total": "counted", "good": "met", "month": "month_start_at"},
        delimiter="\t",
        stamp="epoch_ms",
    ),
    _layout(
        "S1SP-CGI",
        "cgi_s1sp_pmr_{month}_{submission}.jsonl",
        _same("report", "measure_ref", "counted", "met", "percent_hundredths", "exception_count", "comment"),
        "jsonl",
    ),
    _layout(
        "S1SP-TRILLIANT",
        "TRL-SERVICE-LEVELS-{month}-{submission}.parquet",
        {"DOCUMENT": "report", "MEASURE": "measure_ref", "EVENTS": "counted", "EVENTS_MET": "met", "REMARK": "comment"},
        "parquet",
    ),
    _layout(
        "S1SP-5",
        "S5_REPORT_{month}_{submission}.csv",
        {"Report": "report", "Measure": "measure_ref", "Events": "counted", "Within target": "met", "SL": "percent"},
        delimiter=";",
        encoding="utf-16",
    ),
    _layout(
        "S1SP-6",
        "s1sp6_levels_{month}_{submission}.csv",
        {"which": "report", "measure": "measure_ref", "from": "month_start_at", "of": "counted", "met": "met"},
        stamp="%d/%m/%Y %H:%M:%S",
        zone="Europe/London",
    ),
    _layout(
        "S1SP-7",
        "S7-PM-{month}-{submission}.psv",
        {"R": "report", "M": "measure_ref", "D": "counted", "N": "met", "X": "exception_count", "C": "comment"},
        delimiter="|",
        encoding="cp1252",
    ),
    # Percentages and nothing to weigh them by: a measure that needs it stays incomplete (domain.md 2.4).
    _layout(
        "S1SP-8",
        "S1SP8 service levels {month} {submission}.csv",
        {"report": "report", "measure": "measure_ref", "service level": "percent", "comment": "comment"},
    ),
    _layout(
        "S1SP-9",
        "S1SP9_MONTHLY_{month}_{submission}.xlsx",
        {"Report": "report", "Measure": "measure_ref", "Number": "counted", "Of which met": "met", "Comment": "comment"},
        "xlsx",
    ),
    _layout(
        "DCO",
        "DCO_PM_{month}_{submission}.csv",
        {"document": "report", "measure": "measure_ref", "received": "counted", "in time": "met", "percent x 100": "percent_hundredths"},
    ),
)  # fmt: skip
