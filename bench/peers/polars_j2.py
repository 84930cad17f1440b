"""J2 in plain Polars: requests and answers grouped, joined, counted and ranked, on the streaming engine."""

import polars as pl

from bench.peers.arguments import read, tell

BY = ["srv", "party", "device_type", "region", "day"]


def nearest_rank(percent: int) -> pl.Expr:
    spans = pl.col("span").filter(pl.col("is_success")).sort()
    place = (percent * pl.col("is_success").sum().cast(pl.Int64) + 99) // 100 - 1
    return spans.get(place, null_on_oob=True).alias(f"p{percent}")


def main() -> None:
    asked = read()
    events = pl.scan_parquet(asked.files).filter(pl.col("ts") < pl.col("delivered_on").cast(pl.Datetime("us")).dt.offset_by("1d"))
    requests = (
        events.filter(pl.col("kind") == "request")
        .group_by("request_id")
        .agg(pl.col("ts").min().alias("asked"), *(pl.col(name).first() for name in ("srv", "party", "device_type", "region")))
    )
    responses = (
        events.filter(pl.col("kind") == "response")
        .group_by("request_id")
        .agg(pl.col("ts").min().alias("answered"), pl.col("code").min_by("ts"))
    )
    targets = pl.scan_csv(asked.targets, schema={"srv": pl.String, "target_us": pl.Int64})
    answer = (
        requests.join(responses, on="request_id", how="left")
        .join(targets, on="srv")
        .with_columns(
            day=pl.col("asked").dt.epoch("d").cast(pl.Int64),
            span=(pl.col("answered") - pl.col("asked")).dt.total_microseconds(),
        )
        .with_columns(is_success=((pl.col("span") >= 0) & (pl.col("code") == "I0")).fill_null(False))
        .group_by(BY)
        .agg(
            pl.len().cast(pl.Int64).alias("volume"),
            pl.col("answered").is_not_null().sum().cast(pl.Int64).alias("responded"),
            pl.col("is_success").sum().cast(pl.Int64).alias("success"),
            (pl.col("is_success") & (pl.col("span") <= pl.col("target_us"))).sum().cast(pl.Int64).alias("in_target"),
            nearest_rank(50),
            nearest_rank(95),
            nearest_rank(99),
        )
        .collect(engine="streaming")
    )
    answer.write_parquet(asked.out / "answer.parquet")
    tell({"answer": str(asked.out / "answer.parquet")})


if __name__ == "__main__":
    main()
