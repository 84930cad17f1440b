"""CPM 3 as reported: the levels of the Service Providers' measures that are relevant for it, pooled (domain.md 2.3 and 2.4)."""

from tocsin.journeys.reported_measure import reported_measure

CPM_3_REPORTED = reported_measure("cpm_3", "Alerts, as Service Providers report them", order=31)
