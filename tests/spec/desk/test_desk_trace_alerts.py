"""Losses of alerts are walked back to the lines that tell both ends of a leg: of each alert, or counts where there are only these."""

import pytest

from desk_road import Desk, new_desk, write_rows

MONTH = "2021-08"
STAGES = {"alert_key": "alert", "stage": "stage", "observed_at": "at", "alert_code": "code", "service_provider": "provider"}
COUNTS = {"slice_at": "slice", "stage": "stage", "service_provider": "provider", "alert_count": "alerts", "consolidated_count": "held"}


def shape(feed: str, sender: str, name: str, columns: dict[str, str]) -> str:
    told = "\n".join(f'{column} = "{heading}"' for column, heading in columns.items())
    return f'feed = "{feed}"\nsender = "{sender}"\npattern = "{name}_{{day}}.csv"\n[columns]\n{told}\n'


def lines(text: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Received by the DSP: A before the month, B, C and E on the 10th, F at its end; E begins in the DCC. C is lost, S is CSP South's."""
    desk = new_desk(tmp_path_factory.mktemp("alerts") / "workspace")
    files: dict[str, tuple[dict[str, str], list[tuple[str, ...]]]] = {
        "DSP_ALERTS_20210801": (STAGES, lines("A | f | 2021-08-01T00:00:02Z | 8F3F | CSPN")),
        "DSP_ALERTS_20210731": (STAGES, lines("A | e | 2021-07-31T23:59:58Z | 8F3F | CSPN")),
        "DSP_ALERTS_20210810": (
            STAGES,
            lines("""
                B | e | 2021-08-10T12:00:02Z | 8F3F | CSPN
                B | f | 2021-08-10T12:16:00Z | 8F3F | CSPN
                B | g | 2021-08-10T12:16:01Z | 8F3F | CSPN
                C | e | 2021-08-10T12:00:03Z | 8F3F | CSPN
                E | e | 2021-08-10T12:00:04Z | N24  | CSPN
                E | f | 2021-08-10T12:00:05Z | N24  | CSPN
                S | c | 2021-08-10T12:00:05Z | 8F3F | CSPS
                S | e | 2021-08-10T12:00:06Z | 8F3F | CSPS
                S | f | 2021-08-10T12:00:07Z | 8F3F | CSPS
            """),
        ),
        "DSP_ALERTS_20210831": (STAGES, lines("F | e | 2021-08-31T23:59:59Z | 8F3F | CSPN")),
        "DSP_ALERTS_20210901": (STAGES, lines("F | f | 2021-09-01T00:00:01Z | 8F3F | CSPN")),
        "CSPN_ALERTS_20210810": (
            STAGES,
            lines("""
                B | c | 2021-08-10T12:00:00Z | 8F3F |
                B | d | 2021-08-10T12:00:01Z | 8F3F |
                C | d | 2021-08-10T12:00:01Z | 8F3F |
                D | d | 2021-08-10T12:00:01Z | 8F3F |
            """),
        ),
        # Of noon, which is told alert by alert, and of an hour that is not.
        "CSPN_COUNTS_20210810": (
            COUNTS,
            lines("2021-08-10T12:00:00Z | d | | 3 | \n 2021-08-10T13:00:00Z | d | | 7 | \n 2021-08-10T13:00:00Z | c | | 7 |"),
        ),
        "DSP_COUNTS_20210810": (COUNTS, lines("2021-08-10T13:00:00Z | e | CSPN | 9 | 0 \n 2021-08-10T13:00:00Z | f | CSPN | 9 |")),
    }
    for name in ("DSP_ALERTS", "CSPN_ALERTS", "DSP_COUNTS", "CSPN_COUNTS"):
        sender, _, kind = name.partition("_")
        feed, columns = ("alert_stages", STAGES) if kind == "ALERTS" else ("alert_counts", COUNTS)
        (desk.root / "shapes" / f"{name.lower()}.toml").write_text(shape(feed, sender, name, columns), encoding="utf-8")
    for name, (columns, rows) in files.items():
        (row,) = desk.take_in(write_rows(desk.incoming / f"{name}.csv", tuple(columns.values()), *rows), received_at="2021-09-01T06:00Z")
        assert (row["result"], row["refused"]) == ("accepted", 0), row
    desk.close(MONTH, "2021-09-03T00:00Z")
    return desk


def traced(desk: Desk, *asked: str) -> set[tuple[str, ...]]:
    """The sender and the first two words of each line listed."""
    said = desk("trace", *asked, "--month", MONTH, "--rows", 0, "--format", "json")
    assert said.code == 0, said.err
    assert ": agrees with the" in said.err
    found = [(row["file"].partition("_2021")[0], *row["text"].split(",")[:2]) for row in said.rows]
    assert len(found) == len(set(found))
    for row in said.rows:
        assert (desk.incoming / row["file"]).read_text(encoding="utf-8").splitlines()[row["line"] - 1] == row["text"]
    return set(found)


def ends(sender: str, told: str) -> set[tuple[str, ...]]:
    return {(sender, *one.split()) for one in told.split(", ")}


INSIDE = ends("DSP_ALERTS", "B e, B f, C e, E e, E f, F e, F f")
TO_DSP = ends("CSPN_ALERTS", "B d, C d, D d") | ends("DSP_ALERTS", "B e, C e, F e")
COUNTED_INSIDE = {("DSP_COUNTS", "2021-08-10T13:00:00Z", stage) for stage in "ef"}
COUNTED_TO_DSP = {("CSPN_COUNTS", "2021-08-10T13:00:00Z", "d"), ("DSP_COUNTS", "2021-08-10T13:00:00Z", "e")}


@pytest.mark.parametrize(
    ("breakdown", "expected"),
    [
        ("leg=inside_dsp", INSIDE | COUNTED_INSIDE | ends("DSP_ALERTS", "S e, S f")),
        ("leg=inside_dsp/service_provider=CSPN", INSIDE | COUNTED_INSIDE),
        ("leg=inside_dsp/region=south", ends("DSP_ALERTS", "S e, S f")),
        ("leg=provider_to_dsp", TO_DSP | COUNTED_TO_DSP),
        ("leg=provider_to_dsp/region=north", TO_DSP | COUNTED_TO_DSP),
    ],
)
def test_a_loss_leads_back_to_both_ends_of_its_leg(desk: Desk, breakdown: str, expected: set[tuple[str, ...]]) -> None:
    """What was received before the month is not of it, whenever it was passed on; what begins inside the DCC is passed to it by nobody."""
    assert traced(desk, f"alert_losses.lost_share/{breakdown}") == expected


CARRIED_B = ends("CSPN_ALERTS", "B c, B d")
PASSED_ON = ends("DSP_ALERTS", "B e, B f, B g, F e, F f, S c, S e, S f") | CARRIED_B


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        # E begins inside the DCC: nothing stands in for a stage before it.
        ("alert_legs.time_p50/leg=dsp", PASSED_ON | ends("DSP_ALERTS", "E e, E f")),
        ("alert_legs.timed/leg=delivery/measured=proxy", PASSED_ON),
        ("alert_legs.time_max/leg=confirm", ends("DSP_ALERTS", "B e, B f, B g") | CARRIED_B),
    ],
)
def test_a_time_of_a_leg_leads_back_to_every_line_of_its_alerts(desk: Desk, figure: str, expected: set[tuple[str, ...]]) -> None:
    """Alerts that took as long stand in one row, and are told apart on the way back."""
    assert traced(desk, figure) == expected


def test_every_figure_of_losses_has_lines_and_few_are_listed_unless_all_are_wanted(desk: Desk) -> None:
    names = [name for name, of in desk.figures(MONTH).items() if of["subject"] == "alert_losses" and of["counted"]]
    assert len(names) > 10
    for name in names:
        said = desk("trace", name, "--month", MONTH, "--rows", 2)
        assert said.code == 0 and "listed below: 2" in said.out, name


def test_a_surplus_leads_back_to_the_lines_that_tell_it(desk: Desk) -> None:
    """The DSP counts nine received of the seven that were passed to it, and of F nobody says that it was."""
    assert traced(desk, "--oddity", "alert_losses.surplus") == COUNTED_TO_DSP | ends("DSP_ALERTS", "F e")
