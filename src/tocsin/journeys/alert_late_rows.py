"""What late rows of alerts decide about (docs/decisions/0013): an alert by its key, a quarter-hour by its day."""

from tocsin.measuring.lateness import LateDays, LateRows

# Whether a power outage alert follows an activation is told of the Communications Hub by others: all of these alerts are asked anew.
_OUTAGES = "SELECT alert_key AS key FROM stored WHERE alert_code = 'AD1'"

LATE_ALERTS = LateRows(
    feed="alert_stages",
    column="alert_key",
    attribute="alert_key",
    waits="outcome = 'open' OR outcome_at_dsp = 'open'",
    beside=(
        (
            "device_inventory",
            f"SELECT alert_key AS key FROM alert_stages WHERE device_id IN (SELECT device_id FROM changed) UNION ALL {_OUTAGES}",
        ),
        ("device_firmware", _OUTAGES),
        ("trail_activations", _OUTAGES),
    ),
    narrowed=(
        (
            "device_inventory",
            "device_id IN (SELECT device_id FROM alert_stages UNION ALL SELECT device_id FROM device_firmware"
            " UNION ALL SELECT device_key FROM trail_activations)",
        ),
    ),
)

# A leg of the way is counted on the day on which its alert began.
LATE_LEGS = LateDays(journeys=("alerts",))

LATE_SLICES = LateDays(
    feeds=(
        ("alert_stages", "SELECT day_of(observed_at) AS day FROM changed"),
        ("alert_counts", "SELECT day_of(slice_at) AS day FROM changed"),
    )
)
