"""A period in buckets: what a journey's SQL is told of its period, and of the part of it worked out at once (docs/decisions/0002)."""

from tocsin.vocabulary.instants import QUARTER_HOUR_US

# Keys of identifiers are whole numbers of so many bits (docs/decisions/0001).
KEY_BITS = 63

# All that the SQL of a journey may ask for; the Working Day of one that is looked at day by day comes beside.
PARAMETERS = ("start_at", "end_at", "as_at", "bucket", "buckets", "first_key", "last_key", "from_at", "until_at")


def in_bucket(start_at: int, end_at: int, as_at: int, bucket: int = 0, buckets: int = 1) -> dict[str, int]:
    """The parameters of one bucket of a period, known as at an instant.

    A journey is parted in one of three ways. By a remainder (`:bucket` of `:buckets`): any rows go anywhere, and every bucket reads all of
    them. By a range of keys (:first_key to :last_key, both of the bucket), or by a stretch of the period (:from_at, up to but not at
    :until_at, cut between quarter-hours): files and groups of rows that lie outside are passed over by what they say of themselves.
    """
    quarters = -(-(end_at - start_at) // QUARTER_HOUR_US)
    edges = [start_at + quarters * place // buckets * QUARTER_HOUR_US for place in (bucket, bucket + 1)]
    return {
        "start_at": start_at,
        "end_at": end_at,
        "as_at": as_at,
        "bucket": bucket,
        "buckets": buckets,
        "first_key": (bucket << KEY_BITS) // buckets,
        "last_key": ((bucket + 1) << KEY_BITS) // buckets - 1,
        "from_at": edges[0],
        "until_at": min(edges[1], end_at),
    }
