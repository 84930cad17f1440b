"""What a report must tell of its Code Performance Measures, worked out from the run and not from the report's own code."""

from tocsin.measuring.figures import Figure
from tocsin.reports.frozen import FrozenRun

# Figures hand-written in frozen_run.py: the words and whole numbers of the summary table, row by row, before the trend.
SUMMARY = {
    "CPM 1": ("99", "96", "98.9996", "11,146,000", "Below target"),
    "CPM 2": ("99", "96", "98.57 so far", "700", "Incomplete"),
    "CPM 4": ("100", "85", "100.00", "7", "Met"),
    "CPM 5": ("90", "80", "n/a", "0", "No events"),
    "CPM 5A": ("none", "none", "76.47", "34", "No level set"),
}


def measure_figures(run: FrozenRun) -> list[Figure]:
    names = {measure.name for measure in run.measures}
    return [figure for figure in run.figures if figure.subject in names]


def squeezed(text: str) -> str:
    """Text without white space and break places: a page may break a line where it likes."""
    return "".join(text.replace("\u200b", "").split())
