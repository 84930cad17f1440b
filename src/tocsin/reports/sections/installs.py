"""Install & Commission against Install & Leave, 90-day connectivity in arrears, and the three-way reconciliation (CR1429)."""

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Table, briefly, marks, shown
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.install_graph import install_graph
from tocsin.reports.section import Section
from tocsin.reports.wording import SOURCES, value_title
from tocsin.vocabulary.comms_hubs import BUCKETS, INSTALL_STATES, TO_DO

_BY_TRAIL, _BY_LISTS = "installs", "installs_listed"
# State, and what its figure is called in either area.
_STATES = {
    "commissioned": ("commissioned", "commissioned_listed"),
    "pending_90": ("awaiting", "awaiting_listed"),
    "left": ("left", "left_listed"),
    "replaced": ("replaced", "replaced_listed"),
}
_COHORTS = {"period": "Of the month", "before": "Of the 90 days before"}


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    installed = book.whole(_BY_TRAIL, "installed")
    if installed is None or installed.status == "no_data":
        return [Note("No data: no status update of a Communications Hub (8.14.1, 8.14.2) could be read, for the audit trail is not there.")]
    return [
        Prose(
            "A Communications Hub belongs to the day of its first 8.14.1 (success) or 8.14.2 (no SM WAN). Its state is that of the run: "
            "those awaiting a decision inside the 90 days move later, so the month is restated by design. "
            f"{SOURCES['toc_proxy']}: the audit trail alone. {SOURCES['provider_feed']}: with the lists that the CSPs send."
        ),
        _states(book),
        _by_day(run, book),
        *_ninety_days(run, book),
        *_reconciliation(run, book),
    ]


def _states(book: FigureBook) -> Table:
    """The month as a whole, by either source, and the difference where both tell a number."""
    rows: list[tuple[Cell, ...]] = []
    for state, (by_trail, by_lists) in _STATES.items():
        rows.append((INSTALL_STATES[state], *_both(book.whole(_BY_TRAIL, by_trail), book.whole(_BY_LISTS, by_lists))))
    share = book.whole(_BY_TRAIL, "first_time_connectivity"), book.whole(_BY_LISTS, "first_time_connectivity_listed")
    rows.append(("First-time connectivity, %", *_both(*share)))
    columns = (
        Column("Communications Hubs", share=2), Column(SOURCES["toc_proxy"], "figure"), Column(SOURCES["provider_feed"], "figure"),
        Column("Difference", "figure"),
    )  # fmt: skip
    return Table("Communications Hubs first updated in the month", columns, tuple(rows), "No Communications Hub was updated in the month.")


def _both(by_trail: Figure | None, by_lists: Figure | None) -> tuple[Cell, Cell, Cell]:
    cells = tuple(shown(figure) if figure is not None else "no figure" for figure in (by_trail, by_lists))
    difference: Cell = "none can be told"
    if by_trail is not None and by_lists is not None and by_trail.value is not None and by_lists.value is not None:
        # Counts are subtracted; of shares the two numbers stand beside each other, for a report divides and rounds nothing.
        is_count = by_trail.unit == "count" and by_trail.counted is not None and by_lists.counted is not None
        difference = (by_lists.counted or 0) - (by_trail.counted or 0) if is_count else "see both"
    return cells[0], cells[1], difference


def _by_day(run: FrozenRun, book: FigureBook) -> Block:
    """Each day's hubs by state: with the lists where they are there, else by the trail."""
    total = book.whole(_BY_LISTS, "commissioned_listed")
    has_lists = total is not None and total.status != "no_data"
    area, place = (_BY_LISTS, 1) if has_lists else (_BY_TRAIL, 0)
    if any(figure.status == "incomplete" for figure in book.split(area, ("installed_on",))):
        return Note("By day: incomplete, as above; the counts received so far are in figures.csv.", "warning")
    days: dict[str, dict[str, int]] = {}
    names = {indicators[place]: state for state, indicators in _STATES.items()}
    for figure in book.split(area, ("installed_on",)):
        if figure.indicator in names and figure.counted is not None:
            days.setdefault(figure.breakdown[0][1], {})[names[figure.indicator]] = figure.counted
    rows: list[tuple[Cell, ...]] = [
        (on, sum(found.values()), *(found.get(state, 0) for state in INSTALL_STATES)) for on, found in sorted(days.items())
    ]
    columns = (Column("Day (UTC)"), Column("Installed", "whole"), *(Column(title, "whole") for title in INSTALL_STATES.values()))
    caption = f"By day of the first update. Source: {SOURCES['provider_feed' if has_lists else 'toc_proxy']}"
    table = Table(caption, columns, tuple(rows), "No Communications Hub was updated in the month.")
    return install_graph(run, days, table) if days else table


def _ninety_days(run: FrozenRun, book: FigureBook) -> list[Block]:
    blocks: list[Block] = [
        Heading("Connectivity within 90 days, one quarter in arrears"),
        Prose("The report of a quarter tells of the hubs first updated in the quarter before, since their 90 days must pass first."),
    ]
    rows: list[tuple[Cell, ...]] = []
    for area, indicator in (
        ("ninety_days", "connected"), ("ninety_days", "recovered"), ("ninety_days_listed", "connected_listed"),
        ("ninety_days_listed", "excepted_hubs"),
    ):  # fmt: skip
        for split in (("quarter",), ("quarter", "service_provider")):
            rows += [_ninety_row(run, figure) for figure in book.split(area, split) if figure.indicator == indicator]
    columns = (
        Column("Quarter"), Column("Figure", share=3), Column("Service Provider"), Column("Counted", "whole"),
        Column("Met or counted", "figure"),
        Column("Source", share=2), Column("Marks", share=2),
    )  # fmt: skip
    empty = "No Communications Hub of the quarter before is in what was received: its audit trails are not here."
    return [*blocks, Table("Communications Hubs of the quarter before", columns, tuple(rows), empty)]


def _ninety_row(run: FrozenRun, figure: Figure) -> tuple[Cell, ...]:
    where = dict(figure.breakdown)
    provider = where.get("service_provider")
    titles = {
        "connected": "Connected within 90 days, %",
        "recovered": "Of those without SM WAN at first, connected within 90 days, %",
        "connected_listed": "Connected within 90 days, exceptions left out, %",
        "excepted_hubs": "Exception claimed",
    }
    return (
        where["quarter"], titles[figure.indicator], value_title(run, "service_provider", provider) if provider else "All",
        figure.counted if figure.counted is not None else "no number", shown(figure), SOURCES.get(figure.source, figure.source),
        marks(figure),
    )  # fmt: skip


def _reconciliation(run: FrozenRun, book: FigureBook) -> list[Block]:
    area = "no_wan_matches"
    heading = Heading("8.14.2, Incident and CSP record: reconciliation")
    if all(figure.status == "no_data" for figure in book.of(area)):
        return [
            heading,
            Note("No data: no list of Incidents of Communications Hubs without SM WAN was received; nothing to reconcile with."),
        ]
    rows = tuple(
        (bucket, title, *(_cell(book, cohort, f"bucket_{bucket.lower()}") for cohort in _COHORTS), TO_DO[bucket])
        for bucket, title in BUCKETS.items()
    )
    totals = tuple(
        (title, *(_cell(book, cohort, indicator) for cohort in _COHORTS))
        for title, indicator in (
            ("Communications Hubs with an 8.14.2", "updates"), ("Incidents raised", "incidents_raised"), ("CSP records", "csp_records"),
            ("Without an 8.14.2", "leftovers"), ("8.14.2 that both sides confirm, %", "reconciled"),
        )
    )  # fmt: skip
    cohorts = [Column(title, "figure") for title in _COHORTS.values()]
    columns = (Column("Bucket", "code"), Column("Meaning", share=3), *cohorts, Column("What to do", share=4))
    return [
        heading,
        Prose(
            "Every 8.14.2, and every record that goes with none, is in exactly one bucket. Each is a line of a work list: "
            f"tocsin worklist {run.period.label} --list no_wan_reconciliation. Source: {SOURCES['provider_feed']}."
        ),
        Table("How many of each", (Column("Count", share=3), *cohorts), totals, "Nothing was told of either."),
        Table("The eight buckets", columns, rows, "Nothing was told of either."),
    ]


def _cell(book: FigureBook, cohort: str, indicator: str) -> Cell:
    """A cohort without a single hub or record has no figure at all; with files missing that says nothing."""
    figure = book.at("no_wan_matches", indicator, (("cohort", cohort),))
    if figure is None:
        return "incomplete" if any(one.status == "incomplete" for one in book.of("no_wan_matches")) else "none"
    return briefly(figure)


INSTALLS = Section(name="installs", title="Install & Commission, Install & Leave", order=52, build=build, sheet="Installs")
