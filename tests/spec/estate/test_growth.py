"""The growth of the network goes through every published figure and fits those published beside them (domain.md section 14)."""

import pytest

from tocsin.estate.growth import joined_in, published, volume_of
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration


def volume(label):
    return volume_of(Period.parse(label))


@pytest.mark.parametrize(("month", "quantity", "value"), [told[:3] for told in published()])
def test_every_published_figure_is_met_exactly(month, quantity, value):
    assert getattr(volume(month), quantity) == value


def test_august_2021_joined_a_million_meters():
    assert volume("2021-08").installs == 1_002_291
    assert joined_in(Period.parse("2021-08")) == (687_291, 315_000)
    assert joined_in(Period.parse("2022-01")) == (671_559, 297_500)


@pytest.mark.parametrize(("year", "published_billions"), [(2021, 6.3), (2022, 12.1)])
def test_the_year_sums_published_apart_are_met_within_a_twentieth(year, published_billions):
    total = sum(volume(f"{year}-{month:02d}").messages for month in range(1, 13))
    assert abs(total / 1e9 / published_billions - 1) < 0.05


def test_ten_billion_messages_until_january_2022():
    months = [f"{year}-{month:02d}" for year in (2019, 2020, 2021) for month in range(1, 13)] + ["2022-01"]
    assert round(sum(volume(label).messages for label in months if label >= "2019-04") / 1e9) == 10


def test_the_meters_of_both_generations_are_those_published():
    for label, meters in (("2021-07", 13_457_115), ("2021-08", 14_459_406)):
        assert volume(label).smets1_meters + volume(label).smets2_meters == meters


def test_alerts_are_in_proportion_where_none_were_published():
    found = volume("2021-08")
    assert found.device_alerts == 921_600_000
    assert found.dcc_alerts == 49_536_000


def test_nothing_ever_shrinks_and_the_first_month_joins_as_the_next():
    months = [Period(year, month) for year in range(2019, 2027) for month in range(1, 13) if (year, month) >= (2019, 4)]
    for name in ("smets1_meters", "smets2_meters", "messages"):
        values = [getattr(volume_of(period), name) for period in months]
        assert values == sorted(values)
    assert volume("2019-04").installs == volume("2019-05").installs > 0


def test_status_tells_published_from_inferred_from_assumed():
    assert volume("2021-08").status == "verified"
    assert volume("2021-09").status == volume("2019-04").status == "inferred"
    assert volume("2024-01").status == "assumed"


def test_before_the_first_published_month_there_is_no_estate():
    with pytest.raises(BadDeclaration, match=r"the estate begins in 2019-04,.*found 2019-03"):
        volume("2019-03")
