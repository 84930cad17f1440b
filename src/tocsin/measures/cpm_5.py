"""CPM 5: Incidents of category 3, or of 3 to 5 together, by the reading in force (domain.md 2.5): a slice of the incident cube."""

from tocsin.journeys.incident_cube import incident_measure
from tocsin.measuring.measure import Level

CPM_5 = incident_measure(
    name="cpm_5",
    order=50,
    # Recalled, with no first day known: taken as in force whenever they are asked for (domain.md 2.2).
    levels=(Level(since="2012-01-01", target="90", minimum="80", status="assumed"),),
)
