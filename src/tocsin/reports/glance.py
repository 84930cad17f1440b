"""A run as whoever looks at a whole year needs it: without what there is most of, and kept beside it, so that it is read in a moment."""

from collections.abc import Collection

from tocsin.reports.frozen import FrozenRun

# A run has tens of thousands of figures by these, and by several columns at once; thirteen runs are more than a close may hold.
_BULKY = frozenset({"srv", "party_code"})


def is_in_glance(columns: Collection[str]) -> bool:
    """Whether a figure broken down by these columns is kept in a glance: a whole, or by one column with few values."""
    return len(columns) <= 1 and not _BULKY & set(columns)


def glance_of(run: FrozenRun) -> FrozenRun:
    """The run with figures of wholes and of single columns, and without its days, its files and what is told beside the figures."""
    few = tuple(figure for figure in run.figures if is_in_glance([column for column, _ in figure.breakdown]))
    return FrozenRun(
        run_id=run.run_id,
        period=run.period,
        as_at=run.as_at,
        made_at=run.made_at,
        code_version=run.code_version,
        engine=run.engine,
        parameters_digest=run.parameters_digest,
        basis_digest=run.basis_digest,
        is_complete=run.is_complete,
        figures=few,
        measures=run.measures,
        layout=run.layout,
    )
