"""J1 in plain Polars: text in, a first reason for each refused row, one row for each key, sorted Parquet out.

Polars cuts over-long lines without a word, so a first pass takes each line as one cell and keeps those that are too long, or that have too
many or too few commas.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import polars as pl

from bench.peers.arguments import COLUMNS, LINE_BYTES, SINCE_MS, read, received_at, tell

KEY = ["request_id", "point", "stamp"]


def odd_lines(path: Path) -> pl.DataFrame:
    lines = pl.scan_csv(
        path,
        has_header=False,
        skip_rows=1,
        separator="\x01",
        quote_char=None,
        schema={"raw": pl.String},
        row_index_name="line",
        row_index_offset=2,
    )
    commas = pl.col("raw").str.count_matches(",", literal=True)
    surplus = len(COLUMNS) - 1
    is_wide = pl.col("raw").str.len_bytes() > LINE_BYTES
    odd = lines.filter((commas != surplus) | is_wide).with_columns(
        reason=pl.when(is_wide).then(pl.lit("wide")).when(commas > surplus).then(pl.lit("long")).otherwise(pl.lit("short"))
    )
    return odd.collect(engine="streaming")


def main() -> None:
    asked = read()
    total: Counter[str] = Counter()
    for path in asked.files:
        latest = received_at(path) + timedelta(days=1)
        odd = odd_lines(path)
        lines = pl.scan_csv(
            path,
            has_header=False,
            skip_rows=1,
            schema=dict.fromkeys(COLUMNS, pl.String),
            truncate_ragged_lines=True,
            row_index_name="line",
            row_index_offset=2,
        )
        stamp = pl.col("observed_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="us", strict=False)
        typed = lines.with_columns(pl.col("request_id").str.strip_chars(), stamp=stamp).with_columns(
            reason=pl.when(pl.col("line").is_in(odd["line"].implode()))
            .then(pl.lit("malformed"))
            .when(pl.col("request_id").is_null())
            .then(pl.lit("empty request_id"))
            .when(pl.col("observed_at").is_null())
            .then(pl.lit("empty observed_at"))
            .when(pl.col("stamp").is_null())
            .then(pl.lit("type observed_at"))
            .when(pl.col("stamp") > latest)
            .then(pl.lit("future"))
            .when(pl.col("srv").is_null())
            .then(pl.lit("empty srv"))
        )
        read_in = typed.collect(engine="streaming")
        malformed = read_in.filter(pl.col("reason") == "malformed").height
        refused = read_in.filter(pl.col("reason").is_not_null() & (pl.col("reason") != "malformed"))
        odd.write_parquet(asked.out / f"{path.name}.malformed.parquet")
        refused.write_parquet(asked.out / f"{path.name}.refused.parquet")
        valid = read_in.lazy().filter(pl.col("reason").is_null()).select(pl.exclude("line", "observed_at", "reason"))
        kept = valid.unique(subset=KEY, keep="any").sort("stamp").collect(engine="streaming")
        kept.write_parquet(asked.out / f"{path.name}.parquet", compression="zstd", compression_level=1)
        total.update(dict(odd.group_by("reason").len().iter_rows()))
        total.update(dict(refused.group_by("reason").len().iter_rows()))
        total.update(
            {
                "accepted": kept.height,
                "stamps": int((kept["stamp"].dt.epoch("ms") - SINCE_MS).sum()),
                "duplicates": read_in.height - malformed - refused.height - kept.height,
            }
        )
        # The words are checked on every valid row, repeated or not.
        unknown = read_in.filter(pl.col("reason").is_null())
        for column, words in asked.known.items():
            total[f"unknown {column}"] += unknown.filter(~pl.col(column).is_in(words)).height
    tell(dict(total))


if __name__ == "__main__":
    main()
