"""Reproduction: a run made again from the received rows, on either engine, and held figure by figure to what was frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tocsin.measuring.figures import Figure
from tocsin.reports.figures_digest import figures_digest
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.run_store import ASIDE
from tocsin.reports.standing import RunMeans, standing_at
from tocsin.reports.worked_out import Progress, work_out_figures
from tocsin.vocabulary.errors import BadDeclaration


@dataclass(frozen=True)
class OtherFigure:
    """A figure that came out otherwise: as it was frozen and as it is now, "not there" on the side where there is none."""

    name: str
    frozen: str
    again: str


@dataclass(frozen=True)
class Reproduction:
    """What came of making a run again: how many figures, their digest then and now, and those that differ.

    `other_parameters` says that settings, dated rows or earlier runs are no longer those of the run, where they are not: figures may
    be the same all the same.
    """

    run_id: str
    engine: str
    figure_count: int
    digest: str
    digest_again: str
    differing: tuple[OtherFigure, ...]
    other_parameters: bool

    @property
    def is_equal(self) -> bool:
        return not self.differing and self.digest == self.digest_again


def reproduced(means: RunMeans, run: FrozenRun, progress: Progress = lambda step: None) -> Reproduction:
    """Make a run's figures again from the deliveries the ledger knew at its as-at, in a folder of its own: nothing that is kept is touched.

    Raises BadDeclaration where those deliveries are not the run's any more (a ledger that was put back from another copy), and where the
    code is another version, whose figures may rightly differ; EngineUnavailable.
    """
    if run.code_version != means.code_version:
        raise BadDeclaration(
            f"run {run.run_id} was made by tocsin {run.code_version}, this is {means.code_version}: make it again with that version."
        )
    standing = standing_at(means, run.period, run.as_at)
    if standing.basis.digest != run.basis_digest:
        raise BadDeclaration(
            f"run {run.run_id}: the ledger's deliveries as at then have digest {standing.basis.digest[:16]}…, the run rests on "
            f"{run.basis_digest[:16]}…. The store is not the one it was made from; tocsin doctor says what is amiss."
        )
    with TemporaryDirectory(prefix=ASIDE, dir=means.store.root) as aside, means.engine.kept() as engine, means.at_hand.kept() as at_hand:
        found = work_out_figures(replace(means, engine=engine, at_hand=at_hand), standing, Path(aside), Path(aside) / "run", progress)
    again = found.made.figures
    return Reproduction(
        run_id=run.run_id,
        engine=means.engine.name,
        figure_count=len(run.figures),
        digest=figures_digest(run.figures),
        digest_again=figures_digest(again),
        differing=tuple(_differing({f.name: f for f in run.figures}, {f.name: f for f in again})),
        other_parameters=standing.parameters_digest != run.parameters_digest,
    )


def _differing(frozen: Mapping[str, Figure], again: Mapping[str, Figure]) -> list[OtherFigure]:
    names = dict.fromkeys((*frozen, *again))
    return [OtherFigure(name, _told(frozen.get(name)), _told(again.get(name))) for name in names if frozen.get(name) != again.get(name)]


def _told(figure: Figure | None) -> str:
    if figure is None:
        return "not there"
    numbers = " of ".join(str(number) for number in (figure.met, figure.counted) if number is not None)
    return " ".join(word for word in (figure.shown, f"({numbers})" if numbers else "", *figure.marks) if word)
