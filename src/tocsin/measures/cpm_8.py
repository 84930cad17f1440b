"""CPM 8: documents of the SMKI Repository sent within their Target Response Time (domain.md 2.2)."""

from tocsin.journeys.smki_measure import smki_measure

CPM_8 = smki_measure("cpm_8", "Documents of the SMKI Repository sent within their Target Response Time", "'repository_document'", order=80)
