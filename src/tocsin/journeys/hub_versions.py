"""Communications Hubs whose firmware version changed by the inventory: what the TOC holds of their firmware (CR1423; domain.md 8.4).

The inventory tells neither which downloads were attempted nor which failed, so no share can be made of it.
"""

from tocsin.engines.kernel import check
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.journeys.firmware_facts import REGION_WORDS, hub_relations
from tocsin.measuring.journey import Attribute, Journey

SQL = """
WITH versions AS (
  SELECT device_id, coalesce(valid_from, 0) AS valid_from, model, region, service_provider, firmware_version,
    lag(firmware_version) OVER (PARTITION BY device_id ORDER BY coalesce(valid_from, 0), delivery_no, line) AS version_before
  FROM device_inventory
  WHERE device_type = 'CHF' AND firmware_version IS NOT NULL
)
SELECT day_of(valid_from) AS day, valid_from AS began_at, coalesce(service_provider, 'UNKNOWN') AS service_provider,
  coalesce(w.region, v.region, 'UNKNOWN') AS region, coalesce(model, 'UNKNOWN') AS model, version_before, firmware_version,
  '' AS set_aside, device_id AS hub_key
FROM versions v LEFT JOIN firmware_region_words w ON w.word = v.region
WHERE firmware_version <> version_before AND valid_from >= :start_at AND valid_from < :end_at
"""

check(
    SQL,
    {DEVICE_INVENTORY.name: DEVICE_INVENTORY.stored_columns, REGION_WORDS.name: REGION_WORDS.columns},
    "journeys/hub_versions.py",
    ("start_at", "end_at"),
)

HUB_VERSIONS = Journey(
    name="hub_versions",
    title="Communications Hubs with another firmware version",
    source="domain.md 8.4 and 9",
    reads=("device_inventory", REGION_WORDS.name),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "From when the inventory tells the other version."),
        Attribute("service_provider", "VARCHAR", "By the inventory; UNKNOWN where it does not tell."),
        Attribute("region", "VARCHAR", "By the inventory; UNKNOWN where it does not tell."),
        Attribute("model", "VARCHAR", "By the inventory; UNKNOWN where it does not tell."),
        Attribute("version_before", "VARCHAR", "Firmware version told before."),
        Attribute("firmware_version", "VARCHAR", "Firmware version told from then on."),
        Attribute("set_aside", "VARCHAR", "Always empty: a change is never set aside."),
        Attribute("hub_key", "BIGINT", "Key of the Communications Hub."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("service_provider", "region", "model"),
    set_aside="set_aside <> ''",
    sorted_by=("day", "service_provider", "region", "model", "began_at", "hub_key"),
    dated=lambda on, override: [told for told in hub_relations(on, override) if told[0] == REGION_WORDS],
    traced_to=(("device_inventory", (("hub_key", "device_id"),)),),
)
