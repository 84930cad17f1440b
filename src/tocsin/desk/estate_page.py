"""The describe page: what a simulated month looks like, in graphs, each beside the published or plausible figures to judge it by."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from tocsin.desk.estate import decimal_text
from tocsin.desk.estate_graphs import (
    REGIONS,
    days_graph,
    devices_graph,
    growth_graph,
    hours_graph,
    mix_graph,
    outcomes_graph,
    per_cent,
    round_trip_graph,
    rows_graph,
)
from tocsin.desk.templates import template
from tocsin.estate.description import Description
from tocsin.estate.growth import volume_of
from tocsin.estate.plan import Plan
from tocsin.estate.population import populate
from tocsin.estate.publication import published
from tocsin.estate.requests.draw import draw_requests
from tocsin.estate.simulation import asked_of
from tocsin.reports.blocks import Cell, Graph, Link, Shown, Status, Table
from tocsin.reports.drawing import png_of, svg_of
from tocsin.reports.wording import VALUES, month_words, number
from tocsin.vocabulary.instants import DAY_US

FOLDER = "description"

# A week shows every kind of day; more requests than these move no curve that a person could see.
SAMPLED_DAYS = 7
SAMPLED_REQUESTS = 1_000_000

# What decides which requests are drawn; in what form they are written does not.
DRAWN_BY = ("month", "scale", "seed", "until", "faults", "code_version")
WHOLE = "Counted over the whole simulation that stands in this workspace."

Judged = tuple[str, str, str, str]
Progress = Callable[[int, int, str], None]


def describe_estate(plan: Plan, folder: Path, progress: Progress = lambda done, of, step: None) -> list[Path]:
    """Write the page and its pictures into `folder`/description; gives the files, the page first.

    Of the whole month where this very network and month was simulated into the folder, else of a sample of its days.
    Raises BadDeclaration for a month before the estate or a scale too small for a network.
    """
    standing = published(folder)
    asked = asked_of(plan, "")
    if standing is not None and all(standing["plan"][what] == asked[what] for what in DRAWN_BY):
        told, sample = Description.of(plan, standing["description"]), WHOLE
    else:
        told, sample = sampled(plan, progress)
    return write_page(told, sample, folder / FOLDER)


def sampled(plan: Plan, progress: Progress = lambda done, of, step: None) -> tuple[Description, str]:
    """A description of the first week, of no more than a million requests; and the sentence that says so."""
    volume_of(plan.period)
    days = [day for day in plan.period.days() if day * DAY_US < plan.until_at][:SAMPLED_DAYS]
    progress(0, len(days), "homes and devices")
    population, told = populate(plan), Description(plan, until_at=(days[-1] + 1) * DAY_US)
    told.add_population(population)
    most = SAMPLED_REQUESTS // len(days)
    cut = False
    for done, day in enumerate(days):
        progress(done, len(days), "drawing requests")
        drawn_before = told.requests
        for drawn in draw_requests(plan, population, day):
            if told.requests - drawn_before >= most:
                cut = True
                break
            told.add(drawn)
    part = f", the first {number(most)} requests of each" if cut else ""
    return told, f"Drawn: {len(days)} of {len(plan.period.days())} days{part}; nothing was sent and nothing written beside this page."


def write_page(told: Description, sample: str, folder: Path) -> list[Path]:
    """The page as one file that asks for nothing outside, and every graph as PNG beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = told.plan
    name = f"{plan.period.label}-seed-{plan.seed}"
    parts, written = [], []
    for graph, judged in _graphs(told):
        parts.append({
            "name": graph.name, "caption": graph.caption, "alt": graph.alt, "svg": Markup(svg_of(graph)), "judged": judged,
            "table": _table(graph.twin),
        })  # fmt: skip
        picture = folder / f"{name}-{graph.name}.png"
        picture.write_bytes(png_of(graph))
        written.append(picture)
    scale = decimal_text(Fraction(plan.scale))
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        template("estate.html")
    )
    path = folder / f"{name}.html"
    path.write_text(
        page.render(
            title=f"Simulated estate, {month_words(plan.period)}",
            lead=f"Scale {scale}, seed {plan.seed}, faults {plan.faults.name}. {sample}",
            parts=parts,
        ),
        encoding="utf-8",
    )
    return [path, *written]


def _graphs(told: Description) -> Iterator[tuple[Graph, list[Judged]]]:
    """Every graph with what to judge it by: what, published or plausible, simulated, source."""
    volume, plan = volume_of(told.plan.period), told.plan
    meters = sum(count for (kind, _), count in told.devices.items() if kind in ("ESME", "GSME"))
    a_month = told.requests * len(plan.period.days()) // max(len(told.days), 1)
    due, stand = round(volume.messages * plan.scale), round((volume.smets1_meters + volume.smets2_meters) * plan.scale)
    yield growth_graph(told), [
        ("Messages in the month × scale", number(due), f"{number(a_month)} a month at this pace", volume.status),
        ("Meters × scale", number(stand), number(meters), volume.status),
        ("Messages per meter and month", "28 in October 2019, 39.8 in August 2021, 52.4 in February 2023",
         _ratio(a_month, meters), "domain.md 14"),
    ]  # fmt: skip
    night = sum(count for (_, hour), count in told.by_hour.items() if hour < 6)
    yield (
        hours_graph(told),
        [
            ("Requests from midnight to 06:00", "reads in the night, about 60 %", per_cent(night, told.requests), "domain.md 14, inferred"),
        ],
    )
    yield days_graph(told), []
    reads = told.by_process().get("MRD", 0)
    yield (
        mix_graph(told),
        [
            ("Meter reads", "about 60 % of traffic, security next", per_cent(reads, told.requests), "domain.md 14, October 2019"),
            ("Top-ups (SRV 2.2)", "not published", per_cent(told.by_srv.get("2.2", 0), told.requests), ""),
        ],
    )
    trips = round_trip_graph(told)
    yield trips, [
        (f"Median and 95th percentile, {row[0]}", "5 to 20 s; 30 to 120 s in Central and South", f"{_said(row[2])} s; {_said(row[4])} s",
         "domain.md 14, plausible")
        for row in trips.twin.rows
    ]  # fmt: skip
    outcomes = outcomes_graph(told)
    yield (
        outcomes,
        [
            (f"Success, {row[0]}", "80 to 97 %" if row[0] == VALUES["smets1"] else "90 to 99 %", _said(row[-1]), "domain.md 14, plausible")
            for row in outcomes.twin.rows
            if row[0] in {VALUES[region] for region in REGIONS}
        ],
    )
    yield (
        rows_graph(told),
        [
            ("Audit rows a request", "about 2.1", _ratio(told.rows, told.requests), "volumes of July 2022"),
        ],
    )
    devices = sum(told.devices.values())
    yield devices_graph(told), [("Devices per meter", "60 M for 24 M: 2.5", _ratio(devices, meters), "domain.md 14, end of 2022")]


def _ratio(part: int, whole: int) -> str:
    """To a tenth, in whole numbers."""
    tenths = 10 * part // max(whole, 1)
    return f"{tenths // 10}.{tenths % 10}"


def _table(table: Table) -> dict[str, Any]:
    columns = [{"title": column.title, "is_number": column.kind in {"whole", "figure"}} for column in table.columns]
    return {"caption": table.caption, "columns": columns, "rows": [[_said(cell) for cell in row] for row in table.rows]}


def _said(cell: Cell) -> str:
    match cell:
        case Shown(text=text):
            return text
        case Status():
            return cell.words
        case int():
            return number(cell)
    return cell.text if isinstance(cell, Link) else cell
