"""The words of changes: what each is of, where in the report its figure stands, since when it is told, and the way back from it."""

from collections.abc import Sequence

from tocsin.reports.blocks import Link
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_changes import CellLine, ChangeLine
from tocsin.reports.wording import column_title, indicator_title, measure_label, measure_title, month_words, spoken, value_title
from tocsin.vocabulary.calendar import Period

# Reporting areas whose tables stand in a section of another name.
_SECTIONS = {
    "alert_legs": "alerts", "alert_losses": "alerts", "alert_throughput": "alerts", "alerts_at_dsp": "alerts",
    "availability_minutes": "availability", "firmware_activations": "firmware", "firmware_uploads": "firmware",
    "hub_downloads": "firmware", "hub_versions": "firmware", "trail_activations": "firmware", "installs_listed": "installs",
    "ninety_days": "installs", "ninety_days_listed": "installs", "no_wan_matches": "installs", "opr_requests": "opr",
    "reported_levels": "provider_reports",
}  # fmt: skip
FEEDS = "feeds_and_deadlines"


def change_title(run: FrozenRun, line: ChangeLine) -> str:
    """What a change is of: "Meter Reads: Success rate", "CPM 4: …", "Audit trail of DSP"."""
    if line.kind in {"missing", "late"}:
        feed, _, sender = line.subject.partition("/")
        return f"{spoken(feed)} of {sender}" if sender else spoken(feed)
    name = subject_title(run, line.subject)
    is_whole = line.kind == "incomplete" or not line.indicator
    return name if is_whole else f"{name}: {indicator_title(line.indicator)}"


def subject_title(run: FrozenRun, subject: str) -> str:
    """A measure, Business Process or reporting area by its title."""
    measure = next((one for one in run.measures if one.name == subject), None)
    if measure is not None:
        return measure_title(measure)
    titles = {one.name: one.title for one in run.areas} | {one.name: one.title for one in run.processes}
    return titles.get(subject, spoken(subject))


def short_title(run: FrozenRun, line: ChangeLine) -> str:
    """The same where there is little room: "CPM 4"."""
    return measure_label(line.subject) if any(one.name == line.subject for one in run.measures) else change_title(run, line)


def link_to(run: FrozenRun, line: ChangeLine) -> Link:
    """The change by its title, leading to where its figure stands in the report."""
    title = change_title(run, line)
    if line.kind in {"missing", "late"}:
        return Link(title, FEEDS)
    measure = next((one for one in run.measures if one.name == line.subject), None)
    if measure is not None:
        return Link(title, "cpm_detail", measure_title(measure))
    process = next((one for one in run.processes if one.name == line.subject), None)
    if process is not None:
        return Link(title, "business_processes", f"{process.title}{f' ({process.code})' if process.code else ''}")
    return Link(title, _SECTIONS.get(line.subject, line.subject))


def since_words(run: FrozenRun, line: ChangeLine) -> str:
    """Whether a change is new, and where it is not, since when it has been told."""
    if line.months == 1:
        return "new" if run.changes.against else "first told"
    lasting = f"since {line.since}, {line.months} months in a row"
    return lasting if line.against in ("", run.changes.against) else f"{lasting}; compared with {line.against}"


def trace_words(run: FrozenRun, line: ChangeLine) -> str:
    """The command that walks the figure back to the lines it was made of."""
    return way_back(line.figure, run.period.label) if line.figure else f"tocsin slots {run.period.label}"


def way_back(figure: str, month: str) -> str:
    """The command that traces a figure of a month, by its name."""
    quoted = f"'{figure}'" if set(figure) & set(' $&()|;<>*?#~"\\') else figure
    return f"tocsin trace {quoted} --month {month}"


def cell_words(run: FrozenRun, line: CellLine, columns: Sequence[str]) -> str:
    """A cell by the values of its breakdown, in order, rolled-up columns said to be so; the line of all the rest by how many it holds."""
    known = dict(line.cell)
    if not known:
        return f"All other cells ({line.cells:,})"
    told = ", ".join(value_title(run, one, known[one]) if one in known else f"any {_lowered(column_title(one))}" for one in columns)
    return f"{told} ({line.told})" if line.told else told


def _lowered(title: str) -> str:
    """A column's title inside a sentence: "any device type", "any CSP Region"."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def value_words(run: FrozenRun, line: CellLine) -> tuple[str, str]:
    """A line of one column alone: the column, and its value or how many others."""
    ((column, value),) = line.cell
    told = value_title(run, column, value) if value else f"All others ({line.cells:,})"
    return column_title(column), f"{told} ({line.told})" if line.told else told


def label_words(label: str) -> str:
    """A month's label in words: "2021-09" as "September 2021"."""
    return month_words(Period.parse(label))
