"""Changes of Communications Hub firmware by the inventory, beside what Service Providers tell of downloads (CR1423)."""

from tocsin.journeys.hub_versions import HUB_VERSIONS
from tocsin.measuring.measure import Area, Indicator, Rule

HUB_VERSIONS_AREA = Area(
    name="hub_versions",
    title="Communications Hub firmware, by the inventory",
    sentence="Communications Hubs of which the inventory tells another firmware version in the period: no attempts, and no failures.",
    of=HUB_VERSIONS.name,
    feeds=("device_inventory",),
    groupings=((), ("service_provider",), ("region",), ("model",)),
    order=74,
    beside="hub_downloads",
    indicators=(Indicator("changed", "Version changed", "count", Rule("Changes of version of a Communications Hub.", "TRUE")),),
)
