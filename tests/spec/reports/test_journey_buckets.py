"""Into how many buckets a journey is parted, and where those by ranges of keys meet the bands of accepted rows (docs/decisions/0016)."""

import pytest

from tocsin.feeds.feed import BAND_BITS, BAND_SHIFT
from tocsin.journeys.alerts import ALERTS
from tocsin.measuring.buckets import in_bucket
from tocsin.reports.journey_tables import ROWS_A_BUCKET, buckets_for


@pytest.mark.parametrize(("rows", "buckets"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (17, 32), (33, 64)])
def test_ranges_of_keys_are_a_power_of_two(rows: int, buckets: int) -> None:
    assert buckets_for(rows * ROWS_A_BUCKET, ALERTS) == buckets


def test_a_national_day_has_a_bucket_a_band() -> None:
    buckets = buckets_for(341_000_000, ALERTS)
    edges = [in_bucket(0, 1, 0, bucket, buckets)["first_key"] for bucket in range(buckets)]
    assert edges == [band << BAND_SHIFT for band in range(1 << BAND_BITS)]
