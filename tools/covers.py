"""Say which Change Requests and clauses no scenario covers: `make covers` prints them, and nothing when there are none.

python -m tools.covers          # what is not covered; exit code 1 where anything is
python -m tools.covers --all    # every clause, and the scenarios that cover it

tests/scenarios/clauses.csv lists what the two papers and the Code ask for. A scenario names what it covers in covers.toml: a clause of
that list, and after a colon in its own words what of it. Other things may be named there, such as a section of the fact sheet.
"""

import argparse
import csv
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

SCENARIOS = Path(__file__).resolve().parent.parent / "tests" / "scenarios"
CLAUSES = SCENARIOS / "clauses.csv"


@dataclass(frozen=True)
class Clause:
    """What is asked for. `outside` says why nothing of it is worked out from files; it is empty where a scenario must cover it."""

    name: str
    asks: str
    outside: str


def clauses() -> list[Clause]:
    with CLAUSES.open(encoding="utf-8", newline="") as file:
        return [Clause(row["clause"], row["asks"], row["outside"]) for row in csv.DictReader(file)]


def covered(scenarios: Path = SCENARIOS) -> dict[str, list[str]]:
    """Everything that scenarios say they cover, without the words after the colon, to the names of their folders."""
    found: dict[str, list[str]] = {}
    for told in sorted(scenarios.glob("given_*/covers.toml")):
        for words in tomllib.loads(told.read_text(encoding="utf-8"))["covers"]:
            found.setdefault(words.partition(":")[0].strip(), []).append(told.parent.name)
    return found


def uncovered(scenarios: Path = SCENARIOS) -> list[Clause]:
    """The clauses that a scenario must cover and none does, in the order of the list."""
    found = covered(scenarios)
    return [clause for clause in clauses() if not clause.outside and clause.name not in found]


def main() -> None:
    asked = argparse.ArgumentParser(description="Say which Change Requests and clauses no scenario covers.")
    asked.add_argument("--all", action="store_true", help="every clause, with the scenarios that cover it")
    if asked.parse_args().all:
        found = covered()
        for clause in clauses():
            print(f"{clause.name}: {clause.asks}")
            for line in found.get(clause.name) or [clause.outside or "NOT COVERED"]:
                print(f"    {line}")
        return
    missing = uncovered()
    for clause in missing:
        print(f"{clause.name}: {clause.asks}")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
