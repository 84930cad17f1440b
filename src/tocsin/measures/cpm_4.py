"""CPM 4: Incidents of category 1 or 2 that the DCC must resolve, resolved within their target time: a slice of the incident cube."""

from tocsin.journeys.incident_cube import incident_measure
from tocsin.measuring.measure import Level

CPM_4 = incident_measure(
    name="cpm_4",
    order=40,
    # Recalled, with no first day known: taken as in force whenever they are asked for (domain.md 2.2).
    levels=(Level(since="2012-01-01", target="100", minimum="85", status="assumed"),),
)
