"""Firmware uploads: one row for each device that an 11.1 or 11.4 named, and whether its image came in time (CR1421, CR1440; domain.md 8).

One request names many devices, and each is an attempt of its own. It is over when the image is delivered or has failed, or its target
time has passed; a device named again before that is superseded, and counts in nothing but the number named.
"""

from tocsin.engines.kernel import check
from tocsin.feeds.device_firmware import DEVICE_FIRMWARE
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.journeys.firmware_attempts_sql import ATTEMPTS, TOLD_STAGES, described
from tocsin.journeys.firmware_facts import ATTEMPT_ATTRIBUTES, ATTEMPT_ORDER, ATTEMPT_SPLITS, DATED, dated_relations
from tocsin.measuring.buckets import PARAMETERS
from tocsin.measuring.journey import Attribute, Journey

SQL = f"""
WITH {ATTEMPTS},
begun AS (
  SELECT a.*, coalesce(a.accepted_at, a.refused_at, a.first_at) AS began_at FROM attempts a
),
of_period AS (
  SELECT * FROM begun WHERE began_at >= :start_at AND began_at < :end_at
),
{described("began_at", "of_period")},
{TOLD_STAGES},
reached AS (
  SELECT d.*, target_us, skew_us, tells_hub,
    CASE
      WHEN tells_device = 1 OR tells_hub = 0 AND coalesce(device_at, device_failed_at) IS NOT NULL THEN 'F3'
      WHEN tells_hub = 1 OR coalesce(hub_at, hub_failed_at) IS NOT NULL THEN 'F2'
      ELSE 'none'
    END AS reported_to,
    coalesce(f.answered_at, f.confirmed_at) IS NOT NULL AS is_on_target
  FROM described d
    JOIN reach k ON k.service_provider = d.service_provider AND k.device_type = d.device_type AND k.cohort = d.cohort AND k.model = d.model
    CROSS JOIN firmware_limits
    LEFT JOIN proofs f ON f.request_id = d.request_id AND f.device_id = d.device_id
),
ended AS (
  SELECT r.*,
    CASE reported_to WHEN 'F3' THEN device_at WHEN 'F2' THEN hub_at END AS delivered_at,
    CASE reported_to WHEN 'F3' THEN least_of(hub_failed_at, device_failed_at) WHEN 'F2' THEN hub_failed_at END AS failed_at
  FROM reached r
),
judged AS (
  SELECT e.*,
    CASE
      WHEN accepted_at IS NULL THEN 'refused'
      WHEN next_accepted_at < least_of(coalesce(delivered_at, failed_at), accepted_at + target_us) THEN 'superseded'
      WHEN reported_to = 'none' THEN 'not_told'
      WHEN delivered_at - accepted_at <= target_us THEN 'delivered'
      WHEN delivered_at IS NOT NULL THEN 'late'
      WHEN failed_at IS NOT NULL THEN 'failed'
      WHEN :as_at <= accepted_at + target_us THEN 'open'
      ELSE 'expired'
    END AS outcome
  FROM ended e
)
SELECT day_of(began_at) AS day, began_at, coalesce(on_days.began_on, 'UNKNOWN') AS began_on, device_type, model,
  service_provider, region, generation, outcome, reported_to, accepted_at,
  sent_at, hub_at, device_at, delivered_at,
  CASE WHEN outcome IN ('delivered', 'late') AND reported_to = 'F3' AND delivered_at >= accepted_at THEN delivered_at - accepted_at
  END AS upload_us,
  tells_hub = 0 AND coalesce(hub_at, hub_failed_at) IS NULL AS is_hub_untold,
  is_alerted,
  accepted_at IS NOT NULL AND coalesce(next_accepted_at >= :end_at, TRUE) AS is_last_of_device,
  is_on_target,
  coalesce(hub_at IS NOT NULL AND hub_failed_at IS NOT NULL OR device_at IS NOT NULL AND device_failed_at IS NOT NULL, FALSE)
    AS is_contradicted,
  coalesce(delivered_at < accepted_at, FALSE) AS is_skewed,
  CASE
    WHEN accepted_at IS NULL AND refused_at IS NULL THEN 'no_acceptance'
    WHEN accepted_at IS NOT NULL AND refused_at IS NOT NULL THEN 'accepted_and_refused'
    WHEN delivered_at <= accepted_at - skew_us THEN 'negative_span'
    ELSE ''
  END AS set_aside,
  request_id AS request_key, device_id AS device_key
FROM judged LEFT JOIN firmware_days on_days ON on_days.day = day_of(began_at)
"""


RELATIONS = {
    **{feed.name: feed.stored_columns for feed in (DEVICE_FIRMWARE, DEVICE_INVENTORY)},
    **{relation.name: relation.columns for relation in DATED},
}
check(SQL, RELATIONS, "journeys/firmware_uploads.py", PARAMETERS)

FIRMWARE_UPLOADS = Journey(
    name="firmware_uploads",
    title="Firmware uploads to devices",
    source="CR1421, CR1440; domain.md 8.2 to 8.4",
    reads=("device_firmware", "device_inventory", *(relation.name for relation in DATED)),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute(
            "began_at", "BIGINT", "Accepted (F0) by the DSP for the device, or refused; it decides the Performance Measurement Period."
        ),
        *ATTEMPT_ATTRIBUTES,
        Attribute(
            "outcome",
            "VARCHAR",
            "refused, superseded, not_told (its Service Provider tells of no delivery), delivered (within the target), late, failed, open"
            " (the target time still runs), expired (it has passed without a word).",
        ),
        Attribute("reported_to", "VARCHAR", "Last stage that such a device's delivery is told to: F3, or F2 (not reportable), or none."),
        Attribute("accepted_at", "BIGINT", "F0: accepted by the DSP for the device; empty where it was refused."),
        Attribute("sent_at", "BIGINT", "F1: sent to the CSP or S1SP."),
        Attribute("hub_at", "BIGINT", "F2: delivered to the Communications Hub."),
        Attribute("device_at", "BIGINT", "F3: delivered over the HAN to the device."),
        Attribute("delivered_at", "BIGINT", "The one of the two that it is reported to."),
        Attribute("upload_us", "BIGINT", "Round trip of the upload, F3 less F0; empty where F3 is not told, or under clock skew."),
        Attribute("is_hub_untold", "BOOLEAN", "Nobody tells when such a device's image reaches its Communications Hub."),
        Attribute("is_alerted", "BOOLEAN", "An alert told of its delivery (N60, N61, or that of receipt by the device), not a log alone."),
        Attribute("is_last_of_device", "BOOLEAN", "The last attempt of the device that was accepted in the period."),
        Attribute("is_on_target", "BOOLEAN", "The device was shown to run the image's version (F5 or F6)."),
        Attribute("is_contradicted", "BOOLEAN", "A stage of its delivery was told as a success and as a failure; the success stands."),
        Attribute("is_skewed", "BOOLEAN", "Delivered before it was accepted."),
        Attribute(
            "set_aside",
            "VARCHAR",
            "Why no measure sees it: no_acceptance (stages of no accepted attempt), accepted_and_refused, negative_span (beyond the"
            " clock-skew tolerance); empty where they do.",
        ),
        Attribute("request_key", "BIGINT", "Key of the 11.1 or 11.4; 0 where no row tells it."),
        Attribute("device_key", "BIGINT", "Key of the device."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=ATTEMPT_SPLITS,
    set_aside="set_aside <> ''",
    sorted_by=ATTEMPT_ORDER,
    span="upload_us",
    span_counts="upload_us IS NOT NULL",
    dated=dated_relations,
    remarks=(
        ("success_and_failure", "Uploads told as delivered and as failed: both rows are kept, the success stands.", "is_contradicted"),
        ("unseen", "Devices that run the image though its delivery was never told.", "is_on_target AND delivered_at IS NULL"),
        (
            "skewed",
            "Uploads delivered before they were accepted, by less than the clock-skew tolerance; the round trip is left out.",
            "is_skewed AND set_aside = ''",
        ),
        ("unknown_device", "Uploads to a device of no known type.", "device_type = 'UNKNOWN'"),
    ),
    traced_to=(("device_firmware", (("device_key", "device_id"),)),),
)
