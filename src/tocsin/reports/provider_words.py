"""From the reported levels of a run to what it keeps of the Service Providers' own words: exceptions and commentary."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from tocsin.engines import Engine
from tocsin.engines.failing import asked_for
from tocsin.journeys.provider_levels import PROVIDER_LEVELS
from tocsin.reports.closing import JourneyTable
from tocsin.reports.frozen_words import CommentLine, ExceptionLine, ProviderWords, UnreportableLine
from tocsin.vocabulary.firmware import DELIVERY_STAGES, stages_told

_ORDER = "ORDER BY service_provider, cpm, measure_ref, region, report, submission"

EXCEPTIONS = f"""
SELECT service_provider, region, measure_ref, cpm, submission, unit, counted, exception_count
FROM {PROVIDER_LEVELS.name} WHERE set_aside = '' AND told <> 'nothing'
{_ORDER}
"""
# A line that another report tells as well counts once; what is written beside it is no copy of the other's commentary.
COMMENTS = f"""
SELECT service_provider, region, measure_ref, cpm, report, submission, comment
FROM {PROVIDER_LEVELS.name} WHERE set_aside IN ('', 'in_another_report', 'sum_of_regions') AND comment <> ''
{_ORDER}, comment
"""


def provider_words(engine: Engine, closed: Mapping[str, JourneyTable], on: date, reference: Path | None = None) -> ProviderWords:
    """What a run keeps of the Service Providers' own words, and of what is agreed not to be told. Raises EngineUnavailable."""
    with asked_for(f"Service Providers' words in {PROVIDER_LEVELS.name}"), engine.session() as session:
        session.add(closed[PROVIDER_LEVELS.name].relation)
        exceptions = tuple(ExceptionLine(*row) for row in session.rows(EXCEPTIONS))
        comments = tuple(CommentLine(*row) for row in session.rows(COMMENTS))
    reporting = sorted({line.service_provider for line in exceptions})
    return ProviderWords(tuple(reporting), exceptions, comments, tuple(_unreportable(on, reference)))


def _unreportable(on: date, reference: Path | None) -> Iterator[UnreportableLine]:
    for row in stages_told(on, reference):
        if row.stages != DELIVERY_STAGES:
            yield UnreportableLine(row.service_provider, row.device_type, row.cohort, row.model, row.stages, row.status)
