"""Firmware of Communications Hubs: one row an attempt to download an image, by the latest told of it (CR1423; domain.md 2.7 and 8.4).

No User asks for it and the DCC does not see it. A hub may be tried several times in a month: attempts are counted for themselves, and
the hub once, by whether any of them succeeded.
"""

from tocsin.engines.kernel import check
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.hub_firmware import HUB_FIRMWARE
from tocsin.journeys.firmware_facts import HUB_DATED, hub_relations
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey

SQL = """
WITH
told AS (
  SELECT h.comms_hub_id, h.image_version, h.attempted_at, coalesce(h.told_at, h.attempted_at) AS told_at, h.result, h.model, h.region,
    coalesce(h.service_provider, s.service_provider) AS service_provider, s.region AS own_region
  FROM hub_firmware h JOIN deliveries d ON d.delivery_no = h.delivery_no LEFT JOIN firmware_senders s ON s.sender = d.sender
  WHERE h.attempted_at >= :start_at AND h.attempted_at < :end_at
),
attempts AS (
  SELECT comms_hub_id, image_version, attempted_at,
    min(told_at) FILTER (WHERE result = 'ok') AS succeeded_at,
    latest(result, told_at, TRUE) AS result,
    count_where(result = 'ok') > 0 AND count_where(result = 'failed') > 0 AS is_contradicted,
    min(model) AS told_model,
    min(region) AS told_region,
    min(own_region) AS own_region,
    min(service_provider) AS told_provider
  FROM told
  GROUP BY comms_hub_id, image_version, attempted_at
),
judged AS (
  SELECT a.*,
    CASE
      WHEN result = 'ok' THEN 'ok'
      WHEN result <> 'in_progress' THEN 'failed'
      WHEN :as_at <= attempted_at + target_us THEN 'open'
      ELSE 'unfinished'
    END AS outcome
  FROM attempts a CROSS JOIN firmware_limits
),
-- The hub once a month, by its last attempt: a hub tried five times is one hub, and one success is enough.
placed AS (
  SELECT j.*,
    row_number() OVER (PARTITION BY comms_hub_id ORDER BY attempted_at DESC, image_version DESC) = 1 AS is_last_of_hub,
    max(CASE outcome WHEN 'ok' THEN 3 WHEN 'open' THEN 2 ELSE 1 END) OVER (PARTITION BY comms_hub_id) AS best
  FROM judged j
),
devices AS (
  SELECT device_id, coalesce(valid_from, 0) AS valid_from, model, region, service_provider,
    lead(coalesce(valid_from, 0)) OVER (PARTITION BY device_id ORDER BY coalesce(valid_from, 0), delivery_no, line) AS valid_until
  FROM device_inventory
  WHERE device_id IN (SELECT comms_hub_id FROM placed)
)
SELECT day_of(attempted_at) AS day, attempted_at AS began_at, coalesce(on_days.began_on, 'UNKNOWN') AS attempted_on,
  coalesce(told_provider, i.service_provider, 'UNKNOWN') AS service_provider,
  coalesce(w.region, told_region, i.region, own_region, 'UNKNOWN') AS region,
  coalesce(told_model, i.model, 'UNKNOWN') AS model,
  image_version, outcome,
  CASE WHEN outcome = 'ok' THEN succeeded_at - attempted_at END AS download_us,
  is_last_of_hub,
  CASE WHEN is_last_of_hub THEN CASE best WHEN 3 THEN 'ok' WHEN 2 THEN 'open' ELSE 'failed' END ELSE '' END AS hub_outcome,
  is_contradicted, '' AS set_aside, comms_hub_id AS hub_key, attempted_at
FROM placed
  LEFT JOIN devices i ON i.device_id = comms_hub_id AND attempted_at >= i.valid_from
    AND (i.valid_until IS NULL OR attempted_at < i.valid_until)
  LEFT JOIN firmware_region_words w ON w.word = coalesce(told_region, i.region)
  LEFT JOIN firmware_days on_days ON on_days.day = day_of(attempted_at)
"""

RELATIONS = {
    **{feed.name: feed.stored_columns for feed in (HUB_FIRMWARE, DEVICE_INVENTORY)},
    **{relation.name: relation.columns for relation in (DELIVERIES, *HUB_DATED)},
}

check(SQL, RELATIONS, "journeys/hub_downloads.py", ("start_at", "end_at", "as_at"))

HUB_DOWNLOADS = Journey(
    name="hub_downloads",
    title="Firmware downloads to Communications Hubs",
    source="CR1423; domain.md 2.7, 8.4 and 9",
    reads=("hub_firmware", "device_inventory", DELIVERIES.name, *(relation.name for relation in HUB_DATED)),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "The download began; it decides the Performance Measurement Period."),
        Attribute("attempted_on", "VARCHAR", "UTC date of began_at."),
        Attribute("service_provider", "VARCHAR", "CSP or S1SP of the hub: as told, else its sender, else by the inventory."),
        Attribute("region", "VARCHAR", "CSP Region, or smets1: as told, else by the inventory, else the one its sender serves."),
        Attribute("model", "VARCHAR", "Manufacturer and model: as told, else by the inventory; UNKNOWN without either."),
        Attribute("image_version", "VARCHAR", "Firmware version of the image."),
        Attribute(
            "outcome", "VARCHAR", "ok, failed, open (in progress, and may still end), unfinished (in progress when it was last told)."
        ),
        Attribute("download_us", "BIGINT", "From its beginning to its success."),
        Attribute("is_last_of_hub", "BOOLEAN", "The hub's last attempt of the period: by this row the hub is counted, once."),
        Attribute("hub_outcome", "VARCHAR", "On that row: ok where any attempt of the period succeeded, else open, else failed."),
        Attribute("is_contradicted", "BOOLEAN", "It was told as a success and as a failure; the latest stands."),
        Attribute("set_aside", "VARCHAR", "Always empty: an attempt is never set aside."),
        Attribute("hub_key", "BIGINT", "Key of the Communications Hub."),
        Attribute("attempted_at", "BIGINT", "The same instant as began_at: with the hub and the version it names the attempt."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("attempted_on", "service_provider", "region", "model"),
    set_aside="set_aside <> ''",
    sorted_by=("day", "service_provider", "region", "model", "began_at", "hub_key", "image_version"),
    span="download_us",
    span_counts="download_us IS NOT NULL",
    dated=hub_relations,
    remarks=(
        ("success_and_failure", "Downloads told as a success and as a failure: both rows are kept, the latest stands.", "is_contradicted"),
        ("unfinished", "Downloads that were in progress when they were last told, and whose time has passed.", "outcome = 'unfinished'"),
    ),
    traced_to=(("hub_firmware", (("hub_key", "comms_hub_id"), ("attempted_at", "attempted_at"))),),
)
