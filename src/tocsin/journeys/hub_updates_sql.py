"""The SQL of Communications Hub status updates: one row a hub, and the first sign of its WAN (domain.md 10.1, 10.2).

8.14.x are answered inside the DCC: the request names its hub, the answer need not. Which rows are of a request, and what its answer says,
is found as for every Service Request.
"""

from tocsin.journeys.service_request_outcomes import SUCCESS
from tocsin.journeys.service_request_points import ANSWERS, CODES, TIME_POINTS, VARIANTS, columns_of, requests_sql, told_srvs_sql

UPDATE_SRVS = "('8.14.1', '8.14.2', '8.14.3', '8.14.4')"

# However old: the first update of a hub is the first ever told, and 8.14.x are few among the rows of the trail.
UPDATE_ROWS = f"""
  SELECT {columns_of("kin")}
  FROM picked_rows AS kin
  WHERE kin.observed_at <= :as_at AND kin.time_point IN {TIME_POINTS}
    AND kin.request_id IN (SELECT request_id FROM picked_requests WHERE srv IN {UPDATE_SRVS})"""

# Received counts, as the source says ("an 8.14.1 or 8.14.2 was received"), unless the DCC refused it: an answer lost on the way takes
# nothing back.
UPDATES = f"""
  SELECT request_id, device_id AS hub_key, srv, told_region, first_at AS seen_at, whole_div(received, {VARIANTS}) AS received_at,
    coalesce(whole_div(answered % {ANSWERS}, {CODES}) < {SUCCESS}, FALSE) AS is_refused
  FROM ({requests_sql(UPDATE_ROWS)}
  ) AS update_requests
  WHERE srv IN {UPDATE_SRVS}"""

IS_INSTALL = "srv IN ('8.14.1', '8.14.2')"

HUB_PARTS = f"""
told_srvs AS ({told_srvs_sql("picked_rows")}
),
updates AS ({UPDATES}
),
-- One row a hub, by the first that was told of it.
told_hubs AS (
  SELECT
    hub_key,
    min(CASE WHEN {IS_INSTALL} THEN received_at END) AS first_at,
    earliest(srv, received_at, {IS_INSTALL}) AS first_srv,
    earliest(request_id, received_at, {IS_INSTALL}) AS first_request_key,
    min(CASE WHEN srv = '8.14.2' THEN received_at END) AS no_wan_at,
    earliest(request_id, received_at, srv = '8.14.2') AS no_wan_request_key,
    min(CASE WHEN srv = '8.14.1' THEN received_at END) AS success_at,
    max(CASE WHEN srv IN ('8.14.3', '8.14.4') THEN received_at END) AS last_return_at,
    earliest(told_region, received_at, told_region IS NOT NULL) AS told_region,
    count_where({IS_INSTALL}) AS update_count
  FROM updates
  WHERE hub_key IS NOT NULL AND received_at IS NOT NULL AND NOT is_refused
  GROUP BY hub_key
),
-- A version of a device holds until the next; of versions from one instant the last delivered one.
devices AS (
  SELECT
    device_id,
    coalesce(valid_from, 0) AS valid_from,
    lead(coalesce(valid_from, 0)) OVER (PARTITION BY device_id ORDER BY coalesce(valid_from, 0), delivery_no, line) AS valid_until,
    -- Senders write DUIS's words for a region or ours; one that is neither is kept as it came.
    coalesce(region_words.region, device_inventory.region) AS region,
    service_provider,
    comms_hub_id
  FROM device_inventory LEFT JOIN region_words ON region_words.word = device_inventory.region
),
-- A hub without WAN at first, and the devices that the inventory has behind it.
behind AS (
  SELECT hub_key, hub_key AS device_key, first_at, 0 AS valid_from, CAST(NULL AS BIGINT) AS valid_until
  FROM told_hubs WHERE first_srv = '8.14.2'
  UNION ALL
  SELECT told_hubs.hub_key, devices.device_id, first_at, devices.valid_from, devices.valid_until
  FROM told_hubs JOIN devices ON devices.comms_hub_id = told_hubs.hub_key
  WHERE told_hubs.first_srv = '8.14.2'
),
-- The first sign of the WAN after its first update, of a device while it was behind the hub.
responses AS (
  SELECT behind.hub_key, min(a.observed_at) AS responded_at
  FROM hub_signs a JOIN behind ON a.device_id = behind.device_key
  WHERE a.observed_at <= :as_at
    AND a.observed_at > behind.first_at AND a.observed_at >= behind.valid_from
    AND (behind.valid_until IS NULL OR a.observed_at < behind.valid_until)
  GROUP BY behind.hub_key
),
hubs AS (
  SELECT
    told_hubs.hub_key, first_at, first_srv, first_request_key, no_wan_at, no_wan_request_key, update_count,
    CASE WHEN first_srv = '8.14.1' THEN first_at ELSE least_of(success_at, responded_at) END AS connected_at,
    CASE WHEN first_srv = '8.14.1' OR success_at <= coalesce(responded_at, success_at) THEN 'update'
      WHEN responded_at IS NOT NULL THEN 'response' ELSE '' END AS connected_by,
    CASE WHEN last_return_at > first_at THEN last_return_at END AS returned_at,
    coalesce(devices.region, region_words.region, told_region, 'UNKNOWN') AS region,
    coalesce(devices.service_provider, 'UNKNOWN') AS service_provider
  FROM told_hubs
  LEFT JOIN responses ON responses.hub_key = told_hubs.hub_key
  LEFT JOIN devices ON devices.device_id = told_hubs.hub_key
    AND first_at >= devices.valid_from AND (devices.valid_until IS NULL OR first_at < devices.valid_until)
  LEFT JOIN region_words ON region_words.word = told_region
  WHERE first_at IS NOT NULL
)"""
