"""Alerts: from the rows of eleven senders to one row an alert, its seven stages and what became of it (CR1418, CR1438; domain.md 7).

Of 11.3s in the audit trail the rows of that journey are asked, few and of this period: to look for them in the trail itself would cost
half a CPU second for every 20 M of its rows, and that for each bucket of a month's alerts. What was asked for before the period and
answered within it is known from the tracking alone.
"""

from tocsin.journeys.alert_facts import DATED, dated_relations
from tocsin.journeys.alert_late_rows import LATE_ALERTS
from tocsin.journeys.alert_paths_sql import PATHS
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey, earlier_rows

STAGE_AT = tuple(f"{stage}_at" for stage in "abcdefg")

SQL = f"""
WITH {PATHS},
-- A meter that restarts with new firmware may cut its Communications Hub's power, which then tells of an outage (MP102; domain.md 7.5).
-- Its activation is told by the Service Providers' tracking or, where no such row came, by the 11.3 of the audit trail.
activated AS (
  SELECT coalesce(f.comms_hub_id, i.comms_hub_id) AS hub_id, f.observed_at AS activated_at
  FROM device_firmware f LEFT JOIN devices i ON i.device_id = f.device_id AND f.observed_at >= i.valid_from
    AND (i.valid_until IS NULL OR f.observed_at < i.valid_until)
  WHERE f.stage = 'F5' AND f.result = 'ok' AND coalesce(f.device_type, i.device_type) = 'ESME'
  UNION ALL
  SELECT i.comms_hub_id, t.answered_at
  FROM trail_activations t JOIN devices i ON i.device_id = t.device_key AND t.answered_at >= i.valid_from
    AND (i.valid_until IS NULL OR t.answered_at < i.valid_until)
  WHERE t.outcome = 'activated' AND t.set_aside = '' AND t.device_type = 'ESME'
),
-- Of several activations the last before an alert is the nearest: each holds until the next, so that an alert follows one at most.
following AS (
  SELECT hub_id, activated_at, lead(activated_at) OVER (PARTITION BY hub_id ORDER BY activated_at) AS next_at
  FROM (SELECT DISTINCT hub_id, activated_at FROM activated) AS once
)
SELECT j.day, j.began_at, j.kind, j.alert_code, j.device_type, j.region, j.service_provider, {", ".join(f"j.{at}" for at in STAGE_AT)},
  j.measured_from, j.is_proxy, j.outcome, j.delivery_us, j.outcome_at_dsp, j.measured_at_dsp_from, j.at_dsp_us, j.stands_for,
  j.is_held, j.is_unlisted, f.hub_id IS NOT NULL AS is_after_activation, j.skewed_legs, j.set_aside, j.alert_key
FROM judged j LEFT JOIN following f ON j.alert_code = 'AD1' AND f.hub_id = j.device_id AND f.activated_at <= j.began_at
  AND (f.next_at IS NULL OR j.began_at < f.next_at) AND j.began_at - f.activated_at <= j.activation_window_us
"""

ALERTS = Journey(
    name="alerts",
    title="Alerts",
    source="CR1418, CR1438; domain.md 7.3 to 7.5; duis.md 4.1",
    reads=(
        "alert_stages",
        earlier_rows("alert_stages"),
        "device_inventory",
        "device_firmware",
        "trail_activations",
        DELIVERIES.name,
        *(relation.name for relation in DATED),
    ),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "Received by the Communications Hub Function, else at the first stage known after it."),
        Attribute("kind", "VARCHAR", "Device Alert (device) or DCC Alert (dcc): as told, else by the code."),
        Attribute("alert_code", "VARCHAR", "GBCS code in hexadecimal, or the code of a DCC Alert; unknown ones are kept."),
        Attribute("device_type", "VARCHAR", "As told, else by the inventory as at its beginning; UNKNOWN without either."),
        Attribute("region", "VARCHAR", "As told, else by the inventory, else the one its sender serves."),
        Attribute("service_provider", "VARCHAR", "CSP or S1SP on whose leg it travels: as told, else its sender, else by the inventory."),
        Attribute("a_at", "BIGINT", "The condition arose, by the clock of the device."),
        Attribute("b_at", "BIGINT", "Received by the Communications Hub Function."),
        Attribute("c_at", "BIGINT", "Received by the CSP, S1SP or DCO."),
        Attribute("d_at", "BIGINT", "Passed to the DSP."),
        Attribute("e_at", "BIGINT", "Received by the DSP."),
        Attribute("f_at", "BIGINT", "Passed to the User."),
        Attribute("g_at", "BIGINT", "Receipt confirmed by the User."),
        Attribute(
            "measured_from", "VARCHAR", "Stage its clock starts at: b, or c, d, e where b is not provided; none without any of them."
        ),
        Attribute("is_proxy", "BOOLEAN", "A later stage stands in for the Communications Hub Function's."),
        Attribute(
            "outcome",
            "VARCHAR",
            "delivered (within the target), late, consolidated (held back in a storm), open, lost. What was passed on later than two days"
            " after the month is not looked at, and lost.",
        ),
        Attribute("delivery_us", "BIGINT", "From began_at to the User; empty where it was not passed on, or under clock skew."),
        Attribute("outcome_at_dsp", "VARCHAR", "The same as the DSP alone sees it; unseen where it tells none of its receipt."),
        Attribute("measured_at_dsp_from", "VARCHAR", "First stage of the DSP's own records: c for CSP Central & South, else e; or none."),
        Attribute("at_dsp_us", "BIGINT", "From that stage to the User."),
        Attribute("stands_for", "BIGINT", "How many alerts of a storm it stands for, itself among them."),
        Attribute("is_held", "BOOLEAN", "Told to be held back as one of a storm."),
        Attribute("is_unlisted", "BOOLEAN", "Its code is in no list: normal for devices (MP090)."),
        Attribute(
            "is_after_activation",
            "BOOLEAN",
            "AD1 soon after a firmware activation of a meter behind the same Communications Hub, by tracking or by trail.",
        ),
        Attribute("skewed_legs", "BIGINT", "Legs negative by less than the clock-skew tolerance, left empty."),
        Attribute("set_aside", "VARCHAR", "no_receipt (no stage b to e), negative_span (beyond the tolerance); empty for a sound one."),
        Attribute("alert_key", "BIGINT", "Key of the alert."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("kind", "alert_code", "device_type", "region", "service_provider"),
    set_aside="set_aside <> ''",
    sorted_by=("day", "kind", "alert_code", "device_type", "region", "service_provider", "delivery_us", "alert_key"),
    # By their keys and stamps the rows are as large in any order.
    is_in_order=False,
    grouped=("gathered",),
    # A day of a nation's alerts (340 million rows, 53 million alerts) in 16 buckets, each two bands of the accepted rows (Feed.banded_by):
    # to look at the footers of a day's files costs 0.2 CPU s a bucket.
    bucket_times=2,
    span="delivery_us",
    dated=dated_relations,
    remarks=(
        ("held_and_passed", "Alerts told to be held back, and passed on to the User all the same.", "is_held AND f_at IS NOT NULL"),
        ("skewed", "Alerts with a leg negative by less than the clock-skew tolerance; the leg is left out.", "skewed_legs > 0"),
        ("unlisted_code", "Alerts whose code is in no list.", "is_unlisted"),
        ("unknown_device", "Alerts of a device of no known type.", "device_type = 'UNKNOWN'"),
        ("unknown_region", "Alerts of no known region.", "region = 'UNKNOWN'"),
    ),
    late=LATE_ALERTS,
    traced_to=(("alert_stages", (("alert_key", "alert_key"),)),),
)
