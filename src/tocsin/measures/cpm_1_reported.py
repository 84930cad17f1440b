"""CPM 1 as reported: the levels of the Service Providers' measures that are relevant for it, pooled (domain.md 2.3 and 2.4)."""

from tocsin.journeys.reported_measure import reported_measure

CPM_1_REPORTED = reported_measure("cpm_1", "On-Demand Service Responses, as Service Providers report them", order=11)
