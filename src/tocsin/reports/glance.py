"""A run as whoever looks at a whole year needs it: without what there is most of, and kept beside it, so that it is read in a moment."""

from tocsin.reports.frozen import FrozenRun

# A run has tens of thousands of figures by these, and thirteen runs at once are more than a close may hold.
_BULKY = frozenset({"srv", "party_code"})


def glance_of(run: FrozenRun) -> FrozenRun:
    """The run without its figures by Service Request Variant or SEC Party, its days, and what is told of its files."""
    few = tuple(figure for figure in run.figures if not any(column in _BULKY for column, _ in figure.breakdown))
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
