"""docs/methodology/journeys.md: what one row of each journey says, when it is set aside, and what data quality remarks on."""

from tools.documents.page import codes, page
from tools.documents.service_requests import attributes_and_remarks

from tocsin.feeds import all_feeds
from tocsin.journeys import all_journeys
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.journey import Journey

# These have a page of their own, with what decides their rows.
OWN_PAGES = {SERVICE_REQUESTS.name: "service_requests.md", INCIDENT_CLOCKS.name: "incidents.md"}


def journeys() -> str:
    told = [journey for name, journey in all_journeys().items() if name not in OWN_PAGES]
    own = ", ".join(f"[{all_journeys()[name].title}]({target})" for name, target in OWN_PAGES.items())
    return page(
        "Journeys",
        "A journey makes one happening, or one span or state of it, out of the rows of feeds. Measures and areas count its rows. "
        f"On pages of their own: {own}.",
        *(_journey(journey) for journey in told),
    )


def _journey(journey: Journey) -> str:
    reads = [name for name in journey.reads if name in all_feeds()]
    others = [name for name in journey.reads if name not in all_feeds()]
    beside = f" Looked up in {codes(others)}." if others else ""
    return "\n\n".join(
        (
            f"## {journey.title}",
            f"Source: {journey.source}. Made of the feeds {codes(reads)}.{beside}",
            attributes_and_remarks(journey).replace("## ", "### "),
        )
    )
