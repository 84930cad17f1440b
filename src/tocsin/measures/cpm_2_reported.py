"""CPM 2 as reported: the levels of the Service Providers' measures that are relevant for it, pooled (domain.md 2.3 and 2.4)."""

from tocsin.journeys.reported_measure import reported_measure

CPM_2_REPORTED = reported_measure("cpm_2", "Future-Dated Service Responses, as Service Providers report them", order=21)
