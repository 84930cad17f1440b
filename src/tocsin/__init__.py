"""tocsin: operational metrics for Great Britain's smart-metering network."""

__version__ = "0.1.0"
