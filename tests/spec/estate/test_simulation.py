"""A simulation as a whole: the same plan the same bytes, another seed others, nothing half-written, and refusals that say what to do."""

import csv
import errno
import hashlib
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.publication import ASIDE
from tocsin.estate.simulation import simulate
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.errors import BadDeclaration

PERIOD = Period(2021, 9)
# Three days of the month and two hours of quarter-hours: every step is taken.
PLAN = Plan(PERIOD, Fraction(1, 50_000), 7, parse_instant("2021-09-03T02:00Z"), fault_profile("usual"), date(2021, 9, 3))


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder, and its digest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("estate") / "first"
    simulate(PLAN, folder)
    return folder


def test_it_writes_deliveries_their_arrivals_and_the_truth(made: Path) -> None:
    names = tree(made)
    assert {name.split("/")[0] for name in names} == {"incoming", "truth"}
    arrivals = (made / "truth" / "arrivals.csv").read_text().splitlines()[1:]
    assert {f"incoming/{line.split(',')[0]}" for line in arrivals} == {name for name in names if name.startswith("incoming/")}
    assert {"truth/figures.csv", "truth/incident_figures.csv", "truth/faults.csv", "truth/deliveries.csv"} <= set(names)
    assert len(arrivals) > 60


def test_the_same_plan_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    simulate(PLAN, tmp_path / "again")
    assert tree(tmp_path / "again") == tree(made)


def test_another_seed_changes_everything(made: Path, tmp_path: Path) -> None:
    simulate(replace(PLAN, seed=8), tmp_path / "other")
    one, other = tree(made), tree(tmp_path / "other")
    with (made / "truth" / "deliveries.csv").open(newline="") as file:
        # A file without rows, and a list of nothing, hold no chance that could differ.
        empty = {f"incoming/{row['file']}" for row in csv.DictReader(file) if row["rows"] == "0"}
    alike = [name for name in one.keys() & other.keys() - empty if one[name] == other[name]]
    # A list of a dozen counts below its header may be equal by chance.
    assert not [name for name in alike if name.startswith("incoming/") or len((made / name).read_text().splitlines()) > 13]
    assert len(one.keys() & other.keys() - empty) > 50


def test_a_simulation_that_is_there_is_left_as_it_is(made: Path) -> None:
    before = tree(made)
    assert not simulate(PLAN, made).is_new
    assert tree(made) == before


def test_another_simulation_in_the_same_folder_is_refused(made: Path) -> None:
    before = tree(made)
    with pytest.raises(BadDeclaration, match=r"another simulation.*Nothing was written.*another workspace"):
        simulate(replace(PLAN, seed=8), made)
    assert tree(made) == before


@pytest.mark.parametrize("after", [1, 40])
def test_a_disk_that_fills_on_the_way_leaves_nothing(after: int, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posted = []
    post = Outbox.post

    def fills(outbox: Outbox, posting: Posting) -> None:
        posted.append(posting.name)
        if len(posted) > after:
            raise OSError(errno.ENOSPC, "No space left on device")
        post(outbox, posting)

    monkeypatch.setattr(Outbox, "post", fills)
    with pytest.raises(OSError, match="No space left"):
        simulate(PLAN, tmp_path / "estate")
    assert not (tmp_path / "estate").exists()
    monkeypatch.undo()
    simulate(PLAN, tmp_path / "estate")
    assert tree(tmp_path / "estate") == tree(made)


def test_stopped_half_way_it_leaves_nothing_and_runs_again(made: Path, tmp_path: Path) -> None:
    def stops(done: int, of: int, step: str) -> None:
        if done > of // 2:
            raise KeyboardInterrupt

    tmp_path.joinpath("workspace.toml").write_text("")
    with pytest.raises(KeyboardInterrupt):
        simulate(PLAN, tmp_path, stops)
    assert list(tree(tmp_path)) == ["workspace.toml"]
    assert not (tmp_path / ASIDE).exists()
    simulate(PLAN, tmp_path)
    assert {name: digest for name, digest in tree(tmp_path).items() if name != "workspace.toml"} == tree(made)


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    simulate(replace(PLAN, scale=Fraction(1, 200_000)), tmp_path, lambda done, of, step: told.append((done, of)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]
    assert len({of for _, of in told}) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"scale": Fraction(0)}, "scale: a share of the network above 0"),
        ({"scale": Fraction(2)}, "scale: a share of the network above 0"),
        ({"seed": -1}, "seed: a whole number from 0"),
        ({"until_at": PERIOD.start_at - 40 * 86_400_000_000}, "until: an instant inside 2021-09"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(BadDeclaration, match=told):
        replace(PLAN, **wrong)  # type: ignore[arg-type]  # one field of several kinds


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (replace(PLAN, period=Period(2019, 3)), "the estate begins in 2019-04"),
        (replace(PLAN, scale=Fraction(1, 10**9)), "scale"),
    ],
)
def test_a_month_before_the_estate_and_a_scale_too_small_write_nothing(plan: Plan, told: str, tmp_path: Path) -> None:
    with pytest.raises(BadDeclaration, match=told):
        simulate(plan, tmp_path / "estate")
    assert not (tmp_path / "estate").exists()


def test_a_disk_too_small_is_told_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.estate.room.room_needed", lambda plan: 10**18)
    with pytest.raises(BadDeclaration, match=r"1,000,000,000\.0 GB are needed.*Choose a smaller scale"):
        simulate(PLAN, tmp_path / "estate")
    assert not (tmp_path / "estate").exists()
