"""The jobs as a competent user would write them in plain DuckDB and plain Polars: no code of ours, the same contract, the same answer."""
