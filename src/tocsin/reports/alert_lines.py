"""From the journeys of a run to what it keeps of alerts beside its figures, in the kernel's words and whole numbers."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tocsin.engines import Engine
from tocsin.engines.failing import asked_for
from tocsin.journeys.alert_slices import ALERT_SLICES
from tocsin.measuring.tally import text_literal
from tocsin.reports.closing import JourneyTable
from tocsin.reports.frozen_alerts import AlertLines, SliceLine, StageLine
from tocsin.vocabulary.alerts import stages_told
from tocsin.vocabulary.service_providers import service_providers


def slices_sql(senders: str) -> str:
    """Received, held back and passed on of each quarter-hour; of a sender that tells records and counts, the records."""

    def summed(stage: str, column: str) -> str:
        return f"coalesce(whole_sum(CASE WHEN stage = '{stage}' THEN {column} END), 0)"

    return f"""
WITH told AS (
  SELECT slice_at, feed, {summed("e", "alert_count")} AS received, {summed("e", "consolidated_count")} AS held_back,
    {summed("f", "alert_count")} AS forwarded, row_number() OVER (PARTITION BY slice_at ORDER BY feed DESC) AS choice
  FROM {ALERT_SLICES.name}
  WHERE set_aside = '' AND stage IN ('e', 'f') AND sender IN ({senders})
  GROUP BY slice_at, feed
)
SELECT slice_at, received, held_back, forwarded FROM told WHERE choice = 1 ORDER BY slice_at"""


def alert_lines(engine: Engine, closed: Mapping[str, JourneyTable], on: date, reference: Path) -> AlertLines:
    """The DSP's quarter-hours of the run, and who can tell which stage. Raises EngineUnavailable."""
    dsps = [code for code, provider in service_providers(on, reference).items() if provider.role == "dsp"]
    with asked_for(f"quarter-hours of {ALERT_SLICES.name}"), engine.session() as session:
        session.add(closed[ALERT_SLICES.name].relation)
        rows = session.rows(slices_sql(", ".join(map(text_literal, dsps))))
    stages = tuple(StageLine(sender, stage, given) for (sender, stage), given in sorted(stages_told(on, reference).items()))
    return AlertLines(tuple(SliceLine(*row) for row in rows), stages)
