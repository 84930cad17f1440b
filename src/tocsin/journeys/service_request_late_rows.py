"""Which requests a late row of the audit trail decides about: its own, and some to the same device (docs/decisions/0013)."""

from tocsin.engines.kernel import check
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.measuring.lateness import LateRows

# A cancellation withdraws requests with an execution time of the same User, device and SRV (service_request_withdrawals.py), and one
# cancellation is counted for all of them. Whoever has an execution time at a device is therefore tied to all who have one there.
KIN = """
SELECT DISTINCT request_id AS key
FROM audit_trail
WHERE execution_at IS NOT NULL AND device_id IN (
  SELECT device_id FROM audit_trail WHERE execution_at IS NOT NULL AND request_id IN (SELECT key FROM touched)
)"""

# What the inventory tells of a device it tells of that device's requests.
OF_DEVICES = "SELECT request_id AS key FROM audit_trail WHERE device_id IN (SELECT device_id FROM changed)"

# The inventory is asked of the devices that rows name.
NARROWED = (("device_inventory", "device_id IN (SELECT device_id FROM audit_trail)"),)

# An 11.3 is confirmed by a later 11.3 to its device, withdrawn by one that cancels, and seen alive by an 11.2 (trail_activations_sql.py).
ACTIVATIONS = "SELECT request_id FROM audit_trail WHERE srv IN ('11.2', '11.3')"
ACTIVATION_KIN = f"""
SELECT DISTINCT request_id AS key
FROM audit_trail
WHERE request_id IN ({ACTIVATIONS}) AND device_id IN (
  SELECT device_id FROM audit_trail WHERE request_id IN (SELECT key FROM touched)
)"""

for _sql in (KIN, OF_DEVICES, ACTIVATIONS, ACTIVATION_KIN):
    check(
        _sql,
        {"audit_trail": AUDIT_TRAIL.stored_columns, "touched": (("key", "BIGINT"),), "changed": DEVICE_INVENTORY.stored_columns},
        "journeys/service_request_late_rows.py",
        (),
    )

LATE_REQUESTS = LateRows(
    feed="audit_trail",
    column="request_id",
    attribute="request_key",
    kin=KIN,
    # Whether a cancellation succeeded does not depend on the as-at (one without an answer never did), so nobody else waits with it.
    waits="outcome = 'open'",
    beside=(("device_inventory", OF_DEVICES),),
    narrowed=NARROWED,
)

LATE_ACTIVATIONS = LateRows(
    feed="audit_trail",
    column="request_id",
    attribute="request_key",
    kin=ACTIVATION_KIN,
    among=ACTIVATIONS,
    waits="outcome = 'open'",
    beside=(("device_inventory", OF_DEVICES),),
    narrowed=NARROWED,
)
