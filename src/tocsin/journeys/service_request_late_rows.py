"""Which Service Requests a late row decides about: its own request, and through a cancellation others to the same device (decision 13)."""

from tocsin.engines.kernel import check
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.measuring.journey import LateRows

# A cancellation withdraws requests with an execution time of the same User, device and SRV (service_request_withdrawals.py), and one
# cancellation is counted for all of them. Whoever has an execution time at a device is therefore tied to all who have one there.
KIN = """
SELECT DISTINCT request_id AS key
FROM audit_trail
WHERE execution_at IS NOT NULL AND device_id IN (
  SELECT device_id FROM audit_trail WHERE execution_at IS NOT NULL AND request_id IN (SELECT key FROM touched)
)"""

check(
    KIN,
    {"audit_trail": tuple((column.name, column.stored_as) for column in AUDIT_TRAIL.columns), "touched": (("key", "BIGINT"),)},
    "journeys/service_request_late_rows.py",
    (),
)

LATE_ROWS = LateRows(
    feed="audit_trail",
    column="request_id",
    attribute="request_key",
    kin=KIN,
    # Whether a cancellation succeeded does not depend on the as-at (one without an answer never did), so nobody else waits with it.
    waits="outcome = 'open'",
    things=(("device_inventory", "device_id", "device_id", "device_key"),),
)
