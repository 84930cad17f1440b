"""The shelf of Business Processes: the twelve of MP122A and Other; a file declared wrongly is refused by name."""

from datetime import date

import pytest

from tocsin.processes import all_processes, check_processes
from tocsin.processes.business_process import read_process, srv_processes
from tocsin.vocabulary.business_processes import OTHER, TITLES
from tocsin.vocabulary.errors import BadDeclaration

GOOD = """
title = "Prepayment"
code = "PPM"
journey = "service_requests"
feeds = ["audit_trail"]
indicators = ["volume"]
split_by = ["srv"]
order = 2
"""
JOURNEYS = ("service_requests", "incident_clocks")


def test_the_twelve_and_other():
    """Titles are those of the vocabulary, in the order of domain.md 5.2, Other last."""
    titles = {process.code: process.title for process in all_processes().values()}
    assert {code: title for code, title in titles.items() if code != OTHER} == TITLES
    assert list(titles) == [*TITLES, OTHER]


def test_alerts_have_a_journey_of_their_own_and_say_by_what_they_are_known():
    assert all(process.is_fed for process in all_processes().values())
    alerts = {process.code: process for process in all_processes().values() if process.selected_by}
    assert {code: process.selection for code, process in alerts.items()} == {"DAL": ("kind", "dcc"), "VAL": ("kind", "device")}
    assert {process.journey for process in alerts.values()} == {"alerts"}
    assert all("no Service Request Variant" in process.sentence for process in alerts.values())


def test_a_selection_by_what_the_journey_has_not_is_refused():
    wrong = all_processes()["dcc_alerts"].model_copy(update={"selected_by": {"colour": "red"}})
    with pytest.raises(BadDeclaration, match=r'processes/dcc_alerts\.toml: selected_by: "colour"'):
        check_processes({**all_processes(), "dcc_alerts": wrong})


def test_each_srv_has_one_home():
    """All 129: 82 in one of the twelve, 47 in Other; alerts have no SRV."""
    homes = srv_processes(date(2021, 8, 1))
    assert len({srv for srv, _ in homes}) == len(homes) == 129
    assert sum(process == OTHER for _, process in homes) == 47
    assert {process for _, process in homes} == {*TITLES, OTHER} - {"DAL", "VAL"}


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('code = "PPM"', 'code = "XXX"', 'code: "XXX" is not known; expected of INC, PPM'),
        ('journey = "service_requests"', 'journey = "alerts"', 'journey: "alerts" is not known; expected of service_requests'),
        ('indicators = ["volume"]', 'indicators = ["speed"]', 'indicators: "speed" is not known; expected of volume'),
        ('indicators = ["volume"]', "indicators = []", 'key "indicators"'),
        ("order = 2", 'order = "2"', "key \"order\": Input should be a valid integer, found '2'"),
        ("order = 2", "", 'key "order": Field required'),
        ("order = 2", "order = 2\ncolour = 1", 'key "colour"'),
        ("order = 2", "order = ", "no TOML"),
        ("order = 2", 'order = 2\nname = "other"', 'key "name"'),
    ],
)
def test_a_wrong_file_is_refused_by_name(was, becomes, said):
    with pytest.raises(BadDeclaration) as refusal:
        read_process("prepayment", GOOD.replace(was, becomes), JOURNEYS, "processes/prepayment.toml")
    assert str(refusal.value).startswith("processes/prepayment.toml: ")
    assert said in str(refusal.value)


def test_a_code_declared_twice_or_not_at_all_is_refused():
    twice = read_process("again", GOOD, JOURNEYS, "processes/again.toml")
    with pytest.raises(BadDeclaration, match="one TOML with code PPM was expected, found 2"):
        check_processes({**all_processes(), "again": twice})
    with pytest.raises(BadDeclaration, match="one TOML with code PPM was expected, found 0"):
        check_processes({name: process for name, process in all_processes().items() if process.code != "PPM"})


def test_a_split_the_journey_has_not_is_refused_by_file():
    odd = read_process("prepayment", GOOD.replace('["srv"]', '["colour"]'), JOURNEYS, "processes/prepayment.toml")
    with pytest.raises(BadDeclaration, match=r'processes/prepayment.toml: split_by: "colour" is not known'):
        check_processes({**all_processes(), "prepayment": odd})


def test_a_pair_is_told_of_both_columns_with_the_party_under_its_code():
    by = all_processes()["meter_reads"].groupings
    pairs = [("srv", "region"), ("srv", "device_type"), ("srv", "party_code")]
    assert [grouping[1:] for grouping in by] == [(), ("srv",), ("party_code",), ("device_type",), ("region",), *pairs]
    odd = read_process("prepayment", GOOD.replace('["srv"]', '["srv", ["srv", "colour"]]'), JOURNEYS, "processes/prepayment.toml")
    with pytest.raises(BadDeclaration, match=r'processes/prepayment.toml: split_by: "colour" is not known'):
        check_processes({**all_processes(), "prepayment": odd})


@pytest.mark.parametrize(
    ("splits", "said"),
    [
        ('["sec_party", ["srv", "sec_party"]]', "a process told by SEC Party needs those that count success_rate_with_rejects_counted"),
        ('["sec_party", ["srv", "sec_party"], ["region", "sec_party"]]', "found party_code, srv and party_code, region and party_code"),
        ('[["srv", "sec_party"], ["region", "sec_party"]]', "split_by: by SEC Party and by one pair with it were expected"),
        ('["srv", ["srv", "region", "flow"]]', 'key "split_by'),
    ],
)
def test_what_could_be_worked_out_is_not_declared(splits, said):
    """Two tables by party tell of one another; and without the numbers behind the figures nobody knows what to keep back."""
    with pytest.raises(BadDeclaration) as refusal:
        read_process("prepayment", GOOD.replace('["srv"]', splits), JOURNEYS, "processes/prepayment.toml")
    assert said in str(refusal.value)
