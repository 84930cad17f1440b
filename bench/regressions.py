"""Whether ours has become dearer beside its peers: the ratio of CPU seconds in one run, against that of the results kept before.

Ratios of one run compare, seconds of two runs do not: machines differ, and so does what else they do.
"""

from collections.abc import Mapping
from typing import Any

# A ratio that is worse by more than this is a regression; less is the noise that two runs of the same code have.
TOLERATED = 1.25


def ratios(report: Mapping[str, Any]) -> dict[str, float]:
    """Of each job with peers: CPU seconds of ours against those of the best peer in the same run."""
    found = {}
    for name, job in report.get("jobs", {}).items():
        if "contenders" in job:
            ours = next(line["cpu_s"] for line in job["contenders"].values() if line["is_ours"])
            found[name] = ours / min(line["cpu_s"] for line in job["contenders"].values() if not line["is_ours"])
        elif "duckdb" in job:
            found[name] = job["ours"]["journeys"]["alert_slices"]["cpu_s"] / job["duckdb"]["cpu_s"]
    return found


def regressions(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """A sentence for each job whose ratio is worse by more than a quarter; none for a run of other rows, which compares with nothing."""
    if before.get("rows") != now.get("rows"):
        return []
    was = ratios(before)
    return [
        f"{name}: {ratio:.2f} of the best peer's CPU seconds, {was[name]:.2f} in the results of {before.get('measured_at', 'before')}: "
        f"worse by {100 * (ratio / was[name] - 1):.0f} %, tolerated are {100 * (TOLERATED - 1):.0f} %"
        for name, ratio in ratios(now).items()
        if name in was and ratio > was[name] * TOLERATED
    ]
