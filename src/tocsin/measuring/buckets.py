"""A period in buckets: what a journey's SQL is told of its period, and of the part of it worked out at once (docs/decisions/0002)."""

from collections.abc import Iterable
from itertools import pairwise

from tocsin.vocabulary.instants import QUARTER_HOUR_US

# Keys of identifiers are whole numbers of so many bits (docs/decisions/0001).
KEY_BITS = 63

# All that the SQL of a journey may ask for; the Working Day of one that is looked at day by day comes beside.
PARAMETERS = ("start_at", "end_at", "as_at", "bucket", "buckets", "first_key", "last_key", "from_at", "until_at")


def in_bucket(
    start_at: int, end_at: int, as_at: int, bucket: int = 0, buckets: int = 1, *, stretch: tuple[int, int] | None = None
) -> dict[str, int]:
    """The parameters of one bucket of a period, known as at an instant.

    A journey is parted in one of three ways. By a remainder (`:bucket` of `:buckets`): any rows go anywhere, and every bucket reads all of
    them. By a range of keys (:first_key to :last_key, both of the bucket), or by a stretch of the period (:from_at, up to but not at
    :until_at, cut between quarter-hours): files and groups of rows that lie outside are passed over by what they say of themselves.
    Stretches are as long as each other, unless `stretch` says this one (see `stretches`).
    """
    quarters = -(-(end_at - start_at) // QUARTER_HOUR_US)
    edges = [start_at + quarters * place // buckets * QUARTER_HOUR_US for place in (bucket, bucket + 1)]
    from_at, until_at = stretch or (edges[0], min(edges[1], end_at))
    return {
        "start_at": start_at,
        "end_at": end_at,
        "as_at": as_at,
        "bucket": bucket,
        "buckets": buckets,
        "first_key": (bucket << KEY_BITS) // buckets,
        "last_key": ((bucket + 1) << KEY_BITS) // buckets - 1,
        "from_at": from_at,
        "until_at": until_at,
    }


def stretches(start_at: int, end_at: int, came: Iterable[tuple[int | None, int | None, int]], buckets: int) -> list[tuple[int, int]]:
    """A period in so many stretches, or fewer, of about as many rows each, cut between quarter-hours.

    Of a month of which one day has come, stretches of the same length would have all rows in one. `came` gives the first and the last
    stamp of each file, empty where they are not known, and its rows.
    """
    rows = [0] * -(-(end_at - start_at) // QUARTER_HOUR_US)
    for first_at, last_at, count in came:
        first = 0 if first_at is None else max(0, (first_at - start_at) // QUARTER_HOUR_US)
        last = len(rows) - 1 if last_at is None else min(len(rows) - 1, (last_at - start_at) // QUARTER_HOUR_US)
        over = last + 1 - first
        for place in range(over):
            rows[first + place] += count * (place + 1) // over - count * place // over
    every, before, edges = sum(rows), 0, [start_at]
    for quarter, count in enumerate(rows, start=1):
        after = before + count
        if after < every and before * buckets // every < after * buckets // every:
            edges.append(start_at + quarter * QUARTER_HOUR_US)
        before = after
    return list(pairwise([*edges, end_at]))
