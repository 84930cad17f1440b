"""Freeze the bank holidays that the `holidays` library knows into vocabulary/data/bank_holidays.csv.

    python tools/freeze_bank_holidays.py            # 2012 to 2030
    python tools/freeze_bank_holidays.py --to 2032  # a longer calendar

Run by hand when a library release adds a proclaimed day or when the calendar nears its end; review the difference before
committing it. The program reads only the frozen file: a deadline must not move because a library was upgraded (domain.md 11.1).
"""

import argparse
import csv
from importlib.metadata import version
from pathlib import Path

import holidays

TABLE = Path(__file__).resolve().parent.parent / "src" / "tocsin" / "vocabulary" / "data" / "bank_holidays.csv"
DIVISIONS = {"england_and_wales": "ENG", "scotland": "SCT"}
# Years that the published gov.uk list (February 2026) confirms; later years follow from the library's rules.
CONFIRMED_TO = 2028
# Proclaimed on 4 February 2026, after the gov.uk list at hand was taken.
PROCLAIMED = {("2026-06-15", "scotland"): "Royal Proclamation of 4 February 2026 under section 1(3) of the Act of 1971"}


def main() -> None:
    asked = argparse.ArgumentParser(description="Freeze bank holidays into the package's dated table.")
    asked.add_argument("--from", dest="first", type=int, default=2012)
    asked.add_argument("--to", dest="last", type=int, default=2030)
    years = asked.parse_args()
    rows = []
    for division, subdivision in DIVISIONS.items():
        known = holidays.country_holidays("GB", subdiv=subdivision, years=range(years.first, years.last + 1), language="en_GB")
        for day, name in known.items():
            # A holiday on a weekend is given as its substitute weekday, as on gov.uk; the weekend day is no Working Day anyway.
            if day.weekday() < 5:
                confirmed = day.year <= CONFIRMED_TO
                source = f"holidays {version('holidays')}, GB {subdivision}"
                source += "; gov.uk list of February 2026" if confirmed else "; by rule, not yet published"
                source = PROCLAIMED.get((day.isoformat(), division), source)
                rows.append((day.isoformat(), division, name, "verified" if confirmed else "inferred", source))
    with TABLE.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("day", "division", "name", "status", "source"))
        table.writerows(sorted(rows))
    print(f"{len(rows)} bank holidays, {years.first} to {years.last}")


if __name__ == "__main__":
    main()
