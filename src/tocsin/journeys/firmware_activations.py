"""Firmware activations: one row for each attempt whose activation was asked for, by its final evidence (CR1440; domain.md 8.3, MP105).

An activation may succeed though its 11.3 is never answered: an 11.2 that finds the version counts as well. Of what is asked again, the
last asked before the answer starts the round trip.
"""

from tocsin.engines.kernel import check
from tocsin.journeys.firmware_attempts_sql import ATTEMPTS, described
from tocsin.journeys.firmware_facts import ATTEMPT_ATTRIBUTES, ATTEMPT_ORDER, ATTEMPT_SPLITS, DATED, dated_relations
from tocsin.journeys.firmware_uploads import RELATIONS
from tocsin.measuring.buckets import PARAMETERS
from tocsin.measuring.journey import Attribute, Journey

# Execution times from the year 3000 on are cancellations (duis.md 0.4).
_YEAR_3000_US = 32_503_680_000_000_000

SQL = f"""
WITH {ATTEMPTS},
begun AS (
  SELECT a.*, coalesce(a.requested_at, a.activation_refused_at, a.replied_at) AS began_at FROM attempts a
),
of_period AS (
  SELECT * FROM begun WHERE began_at >= :start_at AND began_at < :end_at
),
-- Asked again: the last asked before the answer is the one that was answered.
asked_again AS (
  SELECT t.request_id, t.device_id, max(t.observed_at) AS asked_at, latest(t.execution_at, t.observed_at, TRUE) AS execution_at
  FROM told t JOIN of_period p ON p.request_id = t.request_id AND p.device_id = t.device_id
    JOIN proofs f ON f.request_id = t.request_id AND f.device_id = t.device_id
  WHERE p.last_requested_at > p.requested_at AND t.stage = 'F4' AND t.result = 'ok' AND t.observed_at <= f.answered_at
  GROUP BY t.request_id, t.device_id
),
{described("began_at", "of_period")},
proved AS (
  SELECT d.*, target_us, skew_us, f.answered_at, f.confirmed_at, f.denied_at, coalesce(f.is_other_version, FALSE) AS is_other_version,
    CASE WHEN r.request_id IS NULL THEN greatest_of(d.requested_at, d.execution_at) ELSE greatest_of(r.asked_at, r.execution_at) END
      AS started_at,
    greatest_of(d.last_requested_at, d.execution_at) AS waits_from
  FROM described d CROSS JOIN firmware_limits
    LEFT JOIN proofs f ON f.request_id = d.request_id AND f.device_id = d.device_id
    LEFT JOIN asked_again r ON r.request_id = d.request_id AND r.device_id = d.device_id
),
judged AS (
  SELECT p.*,
    CASE
      WHEN requested_at IS NULL AND activation_refused_at IS NOT NULL THEN 'refused'
      WHEN next_accepted_at < least_of(coalesce(least_of(answered_at, confirmed_at), denied_at), waits_from + target_us) THEN 'superseded'
      WHEN answered_at IS NOT NULL THEN 'activated'
      WHEN confirmed_at IS NOT NULL THEN 'confirmed'
      WHEN denied_at IS NOT NULL THEN 'failed'
      WHEN execution_at >= {_YEAR_3000_US} THEN 'withdrawn'
      WHEN :as_at <= waits_from + target_us THEN 'open'
      ELSE 'no_answer'
    END AS outcome
  FROM proved p
)
SELECT day_of(began_at) AS day, began_at, coalesce(on_days.began_on, 'UNKNOWN') AS began_on, device_type, model,
  service_provider, region, generation, outcome, execution_at, answered_at,
  confirmed_at,
  CASE WHEN outcome = 'activated' AND answered_at >= started_at THEN answered_at - started_at END AS activation_us,
  coalesce(denied_at IS NOT NULL AND coalesce(answered_at, confirmed_at) IS NOT NULL, FALSE) AS is_contradicted,
  is_other_version,
  coalesce(last_requested_at > requested_at, FALSE) AS is_asked_again,
  coalesce(answered_at < started_at, FALSE) AS is_skewed,
  CASE
    WHEN requested_at IS NULL AND activation_refused_at IS NULL THEN 'no_request'
    WHEN answered_at <= requested_at - skew_us THEN 'negative_span'
    ELSE ''
  END AS set_aside,
  request_id AS request_key, device_id AS device_key
FROM judged LEFT JOIN firmware_days on_days ON on_days.day = day_of(began_at)
"""

check(SQL, RELATIONS, "journeys/firmware_activations.py", PARAMETERS)

FIRMWARE_ACTIVATIONS = Journey(
    name="firmware_activations",
    title="Firmware activations of devices",
    source="CR1440; domain.md 8.2 to 8.4; MP105",
    reads=("device_firmware", "device_inventory", *(relation.name for relation in DATED)),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "Activation first asked for (F4); it decides the Performance Measurement Period."),
        *ATTEMPT_ATTRIBUTES,
        Attribute(
            "outcome",
            "VARCHAR",
            "refused, superseded, withdrawn, activated (answered with success), confirmed (no such answer, but its version was found),"
            " failed, open (may still be answered), no_answer.",
        ),
        Attribute("execution_at", "BIGINT", "When it was to be carried out, where later than asked."),
        Attribute("answered_at", "BIGINT", "F5: answered with success."),
        Attribute("confirmed_at", "BIGINT", "F6: found to run the image's version."),
        Attribute(
            "activation_us", "BIGINT", "Round trip of the activation: F5 less F4, or less the execution time; empty without an answer."
        ),
        Attribute("is_contradicted", "BOOLEAN", "It was told as a success and as a failure; the success stands."),
        Attribute("is_other_version", "BOOLEAN", "A row says ok and finds another version than the image's; the version is believed."),
        Attribute("is_asked_again", "BOOLEAN", "It was asked for more than once."),
        Attribute("is_skewed", "BOOLEAN", "Answered before it was asked for, or was to be carried out."),
        Attribute(
            "set_aside",
            "VARCHAR",
            "Why no measure sees it: no_request (an answer to nothing that was asked), negative_span (beyond the clock-skew tolerance);"
            " empty where they do.",
        ),
        Attribute("request_key", "BIGINT", "Key of the 11.1 or 11.4 that named the device; 0 where no row tells it."),
        Attribute("device_key", "BIGINT", "Key of the device."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=ATTEMPT_SPLITS,
    set_aside="set_aside <> ''",
    sorted_by=ATTEMPT_ORDER,
    span="activation_us",
    span_counts="activation_us IS NOT NULL",
    dated=dated_relations,
    remarks=(
        ("success_and_failure", "Activations told as a success and as a failure: both are kept, the success stands.", "is_contradicted"),
        (
            "other_version",
            "Activations told as a success by a row that finds another version: the version is believed.",
            "is_other_version",
        ),
        ("asked_again", "Activations asked for more than once.", "is_asked_again"),
        (
            "skewed",
            "Activations answered before they were asked for or to be carried out; the round trip is left out.",
            "is_skewed AND set_aside = ''",
        ),
    ),
    traced_to=(("device_firmware", (("device_key", "device_id"),)),),
)
