"""Wrong figures that the product itself once gave, found by an audit against the fact sheet; each says what was wrong."""

import pytest
from drawn_happenings import happenings as incidents
from drawn_requests import happenings

from desk_road import AUDIT_COLUMNS, INCIDENT_COLUMNS, new_desk, write_rows
from tocsin.areas.incidents import INCIDENTS_AREA
from tocsin.engines import Engine, Relation
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS
from tocsin.measuring.figures import Making, indicator_figures
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Sums, Tally, counters, tally_sql
from tocsin.reports.frozen import from_json
from tocsin.reports.texts import assumption_lines
from tocsin.vocabulary.calendar import Period

DEVICE = "00-DB-12-34-56-78-90-A0"


def test_an_unknown_srv_answered_in_the_dcc_is_one_request(embedded: Engine) -> None:
    """Of an SRV no catalogue has, request (variant 8) and answer (no variant) had different keys: a timeout, and an answer set aside."""
    found = happenings(
        embedded,
        """
        request | what     | at       | cv | srv  | code
        r1      | received | 12:00:00 | 8  | 99.9 |
        r1      | answered | 12:00:10 |    | 99.9 | I0
        """,
    )
    assert len(found) == 1
    assert found.tell("r1", "flow", "outcome", "round_trip_us", "set_aside") == ("dcc_only", "success", 10_000_000, "")


@pytest.mark.parametrize("filled", [0, 30])
def test_a_feed_nobody_expected_fills_no_gap_of_another(filled: int) -> None:
    """One stray file of another feed made 30 of 31 owed files "complete", and the figure was published from a month with a hole."""
    together = Presence.together([Presence(filled, 31), Presence(1, 0)])
    assert (together.state, together.filled, together.expected) == ("incomplete", filled, 31)


def test_an_incident_without_category_is_no_miss(embedded: Engine) -> None:
    """It has no target, and was counted as missed: one met and one uncategorised gave 50 %. It is left out, and said apart."""
    table = """
        category | clock      | is_met | target
        3        | resolution | yes    | 72 h
    """
    (judged,) = incidents(INCIDENT_CLOCKS.name, table)
    names = [name for name, _ in INCIDENT_CLOCKS.columns]
    without = tuple({"category": 0, "target_us": None, "is_met": False}.get(name, value) for name, value in zip(names, judged, strict=True))
    figures = cube_figures(embedded, [judged, without])
    shares, apart = figures["incidents.within_target/clock=resolution"], figures["incidents.no_target/clock=resolution"]
    assert (shares.counted, shares.met, shares.shown, apart.counted) == (1, 1, "100.00", 1)


def test_the_senders_flag_is_not_of_the_initial_response(embedded: Engine) -> None:
    """One flag an Incident stood beside both clocks, as if the sender had said that the initial response was late."""
    table = """
        category | clock            | is_met | reported_met
        3        | resolution       | yes    | no
        3        | initial_response | yes    | no
    """
    figures = cube_figures(embedded, incidents(INCIDENT_CLOCKS.name, table))
    of_resolution = figures["incidents.reported_within_target/clock=resolution"]
    assert (of_resolution.counted, of_resolution.met) == (1, 0)
    assert figures["incidents.reported_within_target/clock=initial_response"].status == "no_events"


def cube_figures(engine: Engine, rows):
    tally = Tally(INCIDENT_CLOCKS, tuple(counter for indicator in INCIDENTS_AREA.indicators for counter in counters(indicator)))
    with engine.session() as session:
        session.add_rows(Relation(INCIDENT_CLOCKS.name, INCIDENT_CLOCKS.columns), rows)
        session.add_rows(tally.relation(()), session.rows(tally_sql(INCIDENT_CLOCKS, tally.counters)))
        sums = tally.read(("clock",), session.rows(tally.sums_sql(("clock",))))
    return {
        figure.name: figure
        for figure in indicator_figures(Making(INCIDENTS_AREA.name, INCIDENT_CLOCKS, Presence(1, 1)), INCIDENTS_AREA.indicators, sums)
    }


def test_how_files_are_cut_does_not_decide_what_a_late_answer_is(tmp_path) -> None:
    """Asked on the month's last day, answered 40 days later: set aside where one file held both, a timeout where the days came apart."""
    asked = (f"u:{DEVICE}:1", "2021-08-31T12:00:00Z", "RX_DSP", "request", "4.1.1", 1, "", "", "u", DEVICE, "North", "CSPN")
    answered = (f"u:{DEVICE}:1", "2021-10-10T12:00:00Z", "TX_USER", "response", "4.1.1", "", "I0", "", "u", DEVICE, "North", "CSPN")
    told = []
    for name, files in {"whole": [("20210831", [asked, answered])], "cut": [("20210831", [asked]), ("20211010", [answered])]}.items():
        desk = new_desk(tmp_path / name)
        for day, rows in files:
            file = write_rows(desk.incoming / f"DSP_SAT_{day}_final.csv", AUDIT_COLUMNS, *rows)
            desk.take_in(file, received_at="2021-10-12T06:00Z")
        run = desk.close("2021-08", "2021-11-01T00:00Z")
        frozen = from_json((desk.root / "runs" / "2021-08" / run / "run.json").read_text(encoding="utf-8"))
        told.append(({line.name for line in frozen.oddities if "days" in line.name}, desk.figures("2021-08")["cpm_1"]["counted"]))
    assert told == [({"service_requests.over_35_days"}, 0)] * 2


def test_no_share_of_incidents_while_owed_files_are_missing(tmp_path) -> None:
    """The figures said incomplete, and the table of the same cells on the incidents page still gave a percentage."""
    owed = "".join(f'[[expected]]\nfeed = "incident_log"\nsender = "{sender}"\nevery = "month"\n' for sender in ("DSP", "CSPN"))
    desk = new_desk(tmp_path / "desk", owed)
    rows = [("I1", "2021-08-09T09:00:00Z", "new", "", 3, "DSP", ""), ("I1", "2021-08-10T09:00:00Z", "resolved", "", 3, "DSP", "")]
    file = write_rows(desk.incoming / "REMEDY_LOG_202108_final.csv", INCIDENT_COLUMNS, *rows)
    desk.take_in(file, received_at="2021-09-01T06:00Z")
    run = desk.close("2021-08", "2021-09-10T00:00Z")
    frozen = from_json((desk.root / "runs" / "2021-08" / run / "run.json").read_text(encoding="utf-8"))
    assert desk.figures("2021-08")["cpm_5"]["status"] == "incomplete"
    assert frozen.incident_cube and {line.shown for line in frozen.incident_cube} == {"n/a (incomplete)"}


def test_a_reading_that_is_not_in_force_is_no_assumption(tmp_path) -> None:
    """The assumptions in force listed the slices of all three readings of CPM 5 and 5A, two of which the report does not rest on."""
    lines = [line for line in assumption_lines(Period.parse("2021-08"), tmp_path) if line.table == "incident_measure_readings"]
    assert {line.key.split(", ")[0] for line in lines} == {"R1"}


def test_a_counter_that_was_not_counted_is_no_zero() -> None:
    """A tally without a measure's own counters, beside those of others, gave a figure of zero events instead of stopping."""
    indicator = next(one for one in INCIDENTS_AREA.indicators if one.name == "open")
    with pytest.raises(KeyError, match="open_counted"):
        indicator_figures(
            Making(INCIDENTS_AREA.name, INCIDENT_CLOCKS, Presence(1, 1)), [indicator], [Sums((), {"within_target_counted": 5})]
        )


REPORT_COLUMNS = ("report", "measure", "region", "provider", "counted", "met")
REPORT_SHAPE = """feed = "provider_reports"
sender = "{0}"
pattern = "{0}_REPORT_{{month}}_{{submission}}.csv"
[columns]
report = "report"
measure_ref = "measure"
region = "region"
service_provider = "provider"
counted = "counted"
met = "met"
"""
BY_REGION = [(measure, region, "", 100, met) for measure in ("2", "4.3") for region, met in (("Central", 99), ("south", 50))]
TOGETHER = [(measure, "", "", 200, 149) for measure in ("2", "4.3")]


@pytest.mark.parametrize(
    ("of_the_company", "told"),
    [
        (BY_REGION, (2400, 2298, "95.75")),
        (TOGETHER, (2400, 2298, "95.75")),
        ([*BY_REGION, *TOGETHER], (2400, 2298, "95.75")),
        ([(measure, "", "CSPC", 100, 99) for measure in ("2", "4.3")], (2200, 2198, "n/a (incomplete: 2 parts without whole numbers)")),
        ([("2", "central", "Telefonica", 100, 99)], (2000, 2000, "n/a (incomplete: 4 parts without whole numbers)")),
    ],
    ids=["by region", "together", "both ways", "one left out", "by another name"],
)
def test_a_company_that_reports_for_two_service_providers(tmp_path, of_the_company, told) -> None:
    """CSP Central & South is one sender: its lines that named no Service Provider were in no measure, and CPM 1 was 100 % without them."""
    desk = new_desk(tmp_path / "desk")
    files = {"DSP": [("1.1", "", "", 1000, 1000), ("1.4", "", "", 1000, 1000)], "CSPCS": of_the_company}
    for sender, lines in files.items():
        (desk.root / "shapes" / f"reports_of_{sender}.toml").write_text(REPORT_SHAPE.format(sender), encoding="utf-8")
        rows = [("monthly", *line) for line in lines]
        file = write_rows(desk.incoming / f"{sender}_REPORT_202108_final.csv", REPORT_COLUMNS, *rows)
        desk.take_in(file, received_at="2021-09-07T06:00Z")
    run = desk.close("2021-08", "2021-09-10T00:00Z")
    figure = desk.figures("2021-08")["cpm_1_reported"]
    assert (figure["counted"], figure["met"], figure["shown"]) == told
    frozen = from_json((desk.root / "runs" / "2021-08" / run / "run.json").read_text(encoding="utf-8"))
    unknown = [line.count for line in frozen.oddities if line.name == "provider_levels.unknown_provider"]
    assert sum(unknown) == sum(provider == "Telefonica" for _, _, provider, _, _ in of_the_company)


OUTAGE_SHAPE = """feed = "outages"
sender = "{0}"
pattern = "{0}_OUTAGES_{{month}}.csv"
[columns]
outage_id = "ref"
service = "service"
kind = {{ constant = "unplanned" }}
started_at = "from"
ended_at = "to"
"""


def test_one_reference_of_two_senders_is_two_outages(tmp_path) -> None:
    """Each sender numbers its own outages: the second "1" replaced the first, and an outage without an Incident was not listed."""
    desk = new_desk(tmp_path / "desk")
    for sender, service in (("DSP", "ssi"), ("CSPN", "wan_gateway")):
        (desk.root / "shapes" / f"outages_of_{sender}.toml").write_text(OUTAGE_SHAPE.format(sender), encoding="utf-8")
        row = ("1", service, "2021-08-10T10:00:00Z", "2021-08-10T11:00:00Z")
        file = write_rows(desk.incoming / f"{sender}_OUTAGES_202108.csv", ("ref", "service", "from", "to"), row)
        desk.take_in(file, received_at="2021-09-02T06:00Z")
    desk.close("2021-08", "2021-09-10T00:00Z")
    figures = desk.figures("2021-08")
    assert figures["outage_incidents.without_incident"]["counted"] == 2
    assert figures["outage_incidents.without_incident/service=ssi"]["counted"] == 1
