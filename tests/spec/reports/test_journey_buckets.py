"""Into how many buckets a journey is parted, and where those by ranges of keys meet the bands of accepted rows (docs/decisions/0016)."""

import pytest

from tocsin.feeds.feed import BAND_BITS, BAND_SHIFT
from tocsin.journeys.alerts import ALERTS
from tocsin.measuring.buckets import in_bucket
from tocsin.reports.journey_tables import ROWS_A_BUCKET, buckets_for

A_BUCKET_OF_ALERTS = 40_000_000


def test_a_bucket_of_alerts_is_of_forty_million_rows() -> None:
    assert ROWS_A_BUCKET * ALERTS.bucket_times == A_BUCKET_OF_ALERTS


@pytest.mark.parametrize(("fills", "buckets"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (17, 32), (33, 64)])
def test_ranges_of_keys_are_a_power_of_two(fills: int, buckets: int) -> None:
    assert buckets_for(fills * A_BUCKET_OF_ALERTS, ALERTS) == buckets


def test_a_row_more_is_the_next_power_of_two() -> None:
    assert buckets_for(2 * A_BUCKET_OF_ALERTS + 1, ALERTS) == 4


def test_a_national_day_has_a_bucket_every_two_bands() -> None:
    buckets = buckets_for(341_000_000, ALERTS)
    edges = [in_bucket(0, 1, 0, bucket, buckets)["first_key"] for bucket in range(buckets)]
    assert edges == [band << BAND_SHIFT for band in range(0, 1 << BAND_BITS, 2)]
