"""CPM 5A: new with MP122A; categories 4 and 5, or the initial response, by the reading in force (domain.md 2.5)."""

from tocsin.journeys.incident_cube import incident_measure

# No source gives its levels, not even from memory: it is stated, and not judged (domain.md 2.2).
CPM_5A = incident_measure(name="cpm_5a", order=51)
