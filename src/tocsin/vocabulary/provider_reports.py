"""The monthly reports of the Service Providers (CR1430; domain.md 2.3 and 9)."""

# ESI-101 and ESI-102 are report numbers on the DCC Enterprise Systems Interface; `monthly` is the Service Provider's own report.
PROVIDER_REPORTS = ("esi_101", "esi_102", "monthly")

# A measure counts events, or minutes of availability (domain.md 2.1).
REPORT_UNITS = ("events", "minutes")
