"""The steps from rows of alert stages to one judged row an alert, in the kernel's words; the journeys of alerts begin with them."""

from tocsin.journeys.alert_facts import BUFFERED_US, LOOK_US

_STAGES = ",\n    ".join(f"min(observed_at) FILTER (WHERE stage = '{stage}') AS {stage}_at" for stage in "abcdefg")

# Negative by less than the tolerance is clock skew: the leg is left empty (architecture section 4, rule 9).
_SKEWED = "coalesce({leg} < 0 AND {leg} > -skew_us, FALSE)"
_LEGS = ("wan_told_us", "dsp_told_us", "delivery_told_us", "confirm_told_us", "at_dsp_told_us")
_TOO_NEGATIVE = " OR ".join(f"coalesce({leg} <= -skew_us, FALSE)" for leg in _LEGS)


def kept_leg(leg: str) -> str:
    """A leg that is not negative."""
    return f"CASE WHEN {leg}_told_us >= 0 THEN {leg}_told_us END AS {leg}_us"


def outcome_sql(span: str, forwarded: str) -> str:
    """What became of an alert. A skewed span is short, or it would not be negative by so little."""
    return f"""CASE
      WHEN {forwarded} AND {span} <= target_us THEN 'delivered'
      WHEN {forwarded} THEN 'late'
      WHEN is_held THEN 'consolidated'
      WHEN :as_at < began_at + lost_after_us THEN 'open'
      ELSE 'lost'
    END"""


# A bucket is a range of keys, whose rows lie together (Feed.banded_by). Who sent a row is joined by the number of its delivery, before rows
# of two relations come together: to carry a word so far and join by it was dearer by an eighth, a name for it under WITH by a twentieth.
_ROWS = """SELECT s.alert_key, s.stage, s.observed_at, s.alert_code, s.kind, s.device_id, s.device_type, s.region, s.service_provider,
    s.throttled_count, s.is_consolidated, s.is_proxy, c.is_dsp, c.own_provider, c.own_region
  FROM {source} s JOIN (
    SELECT d.delivery_no, o.is_dsp, o.service_provider AS own_provider, o.region AS own_region
    FROM deliveries d LEFT JOIN alert_senders o ON o.sender = d.sender
  ) c ON c.delivery_no = s.delivery_no
  WHERE s.alert_key BETWEEN :first_key AND :last_key"""


PATHS = f"""
told AS (
  {_ROWS.format(source="alert_stages")}
    AND s.observed_at >= :start_at - {LOOK_US} AND s.observed_at < :end_at + {LOOK_US}
  UNION ALL
  -- A Communications Hub that was out of reach for days tells when it received an alert once it is back: in a file of that day. Without
  -- this row the alert would begin anew, and count in two months.
  {_ROWS.format(source="alert_stages_earlier")}
    AND s.observed_at >= :start_at - {BUFFERED_US} AND s.observed_at < :start_at - {LOOK_US}
),
seen AS (
  SELECT alert_key, stage, observed_at, alert_code, kind, device_id, device_type, region, service_provider, throttled_count,
    coalesce(is_consolidated, FALSE) AS is_consolidated, coalesce(is_proxy, FALSE) AS is_proxy, coalesce(is_dsp, FALSE) AS is_dsp,
    own_provider, own_region
  FROM told
),
-- One row an alert. Copies, rows out of order and rows of several senders fall together here: the earliest stamp of a stage counts.
gathered AS (
  SELECT alert_key,
    {_STAGES},
    min(observed_at) AS first_at,
    count_where(stage = 'b' AND NOT is_proxy) > 0 AS is_hub_stamped,
    -- What the TOC holds already: what the DSP sees, which for CSP Central & South is the way before it, too (CR1438).
    min(observed_at) FILTER (WHERE is_dsp AND stage IN ('c', 'd', 'e')) AS at_dsp_at,
    count_where(is_dsp AND stage = 'c') > 0 AS is_before_dsp,
    min(alert_code) AS alert_code,
    min(kind) AS told_kind,
    min(device_id) AS device_id,
    min(device_type) AS told_device_type,
    min(region) AS told_region,
    min(service_provider) AS told_provider,
    min(own_provider) AS own_provider,
    min(own_region) AS own_region,
    max(throttled_count) AS throttled_count,
    count_where(is_consolidated) > 0 AS is_held
  FROM seen
  GROUP BY alert_key
),
-- A version of a device holds until the next; of versions from one instant the last delivered one.
devices AS (
  SELECT device_id, coalesce(valid_from, 0) AS valid_from, device_type, region, service_provider, comms_hub_id,
    lead(coalesce(valid_from, 0)) OVER (PARTITION BY device_id ORDER BY coalesce(valid_from, 0), delivery_no, line) AS valid_until
  FROM device_inventory
),
begun AS (
  -- By the first stage at which anybody but the device itself knows of it: the device's clock may be hours off (duis.md 4.1).
  SELECT g.*, coalesce(b_at, c_at, d_at, e_at, first_at) AS began_at,
    CASE WHEN b_at IS NOT NULL THEN 'b' WHEN c_at IS NOT NULL THEN 'c' WHEN d_at IS NOT NULL THEN 'd' WHEN e_at IS NOT NULL THEN 'e'
      ELSE 'none' END AS measured_from,
    coalesce(told_kind, k.kind, CASE WHEN starts_with(g.alert_code, 'N') THEN 'dcc' ELSE 'device' END) AS kind,
    coalesce(k.is_raised_by_hub, FALSE) AS is_raised_by_hub,
    k.alert_code IS NULL AS is_unlisted
  FROM gathered g LEFT JOIN alert_code_facts k ON k.alert_code = g.alert_code
),
spanned AS (
  SELECT n.*, target_us, lost_after_us, skew_us, activation_window_us,
    coalesce(d_at, e_at) - c_at AS wan_told_us,
    f_at - e_at AS dsp_told_us,
    f_at - began_at AS delivery_told_us,
    g_at - f_at AS confirm_told_us,
    f_at - at_dsp_at AS at_dsp_told_us
  FROM begun n CROSS JOIN alert_limits
  WHERE began_at >= :start_at AND began_at < :end_at
),
placed AS (
  SELECT p.*,
    coalesce(p.told_device_type, i.device_type, 'UNKNOWN') AS device_type,
    coalesce(w.region, p.told_region, i.region, p.own_region, 'UNKNOWN') AS region,
    coalesce(p.told_provider, p.own_provider, i.service_provider, 'UNKNOWN') AS service_provider
  FROM spanned p
    LEFT JOIN devices i ON i.device_id = p.device_id AND p.began_at >= i.valid_from
      AND (i.valid_until IS NULL OR p.began_at < i.valid_until)
    LEFT JOIN region_words w ON w.word = coalesce(p.told_region, i.region)
),
judged AS (
  SELECT day_of(began_at) AS day, began_at, alert_key, device_id, kind, alert_code, device_type, region, service_provider,
    a_at, b_at, c_at, d_at, e_at, f_at, g_at, measured_from,
    -- A DCC Alert that begins inside the DCC has no stage before the DSP: nothing stands in for another there.
    NOT (measured_from = 'b' AND is_hub_stamped) AND NOT (measured_from = 'e' AND kind = 'dcc' AND NOT is_raised_by_hub) AS is_proxy,
    {kept_leg("wan")}, {kept_leg("dsp")}, {kept_leg("delivery")}, {kept_leg("confirm")}, {kept_leg("at_dsp")},
    {outcome_sql("delivery_told_us", "f_at IS NOT NULL")} AS outcome,
    CASE WHEN at_dsp_at IS NULL THEN 'unseen' ELSE {outcome_sql("at_dsp_told_us", "f_at IS NOT NULL")} END AS outcome_at_dsp,
    CASE WHEN at_dsp_at IS NULL THEN 'none' WHEN is_before_dsp THEN 'c' ELSE 'e' END AS measured_at_dsp_from,
    coalesce(throttled_count, 1) AS stands_for,
    is_held, is_unlisted, activation_window_us,
    {" + ".join(f"CASE WHEN {_SKEWED.format(leg=leg)} THEN 1 ELSE 0 END" for leg in _LEGS[:4])} AS skewed_legs,
    CASE WHEN measured_from = 'none' THEN 'no_receipt' WHEN {_TOO_NEGATIVE} THEN 'negative_span' ELSE '' END AS set_aside
  FROM placed
)"""
