"""CPM 7: SMKI certificates issued within their Target Response Time (domain.md 2.2)."""

from tocsin.journeys.smki_measure import smki_measure

CPM_7 = smki_measure("cpm_7", "SMKI certificates issued within their Target Response Time", "'certificate', 'certificate_batch'", order=70)
