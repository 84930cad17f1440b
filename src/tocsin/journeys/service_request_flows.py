"""Which of the twelve flows a Service Request goes, asked as a ladder of questions (domain.md 6.2; duis.md 2 and 6.1)."""

from tocsin.journeys.questions import Question
from tocsin.vocabulary.service_requests import CANCELLED_FROM

# What the predicates may speak of: variant (of the receipt that starts the clock; 0 not told), received_variant (of the first receipt),
# receipt_at, signed_at, commanded_at, execution_at, scheduled_at, report_count (8F66 and 8F67 seen), and the facts of the SRV.
FLOW_LADDER = (
    Question("Was it planned by a DCC schedule?", "scheduled_at IS NOT NULL", "scheduled"),
    Question("Is it a request to update firmware (11.1, 11.4)? Only its acceptance is timed here.", "is_firmware", "firmware"),
    Question(
        "Is it answered inside the DCC, by its command variant or else by its SRV?",
        "variant = 8 OR (variant IN (0, 9) AND is_non_device)",
        "dcc_only",
    ),
    Question(
        "Was it transformed into a pre-command that the User never sent back signed?",
        "received_variant = 4 AND signed_at IS NULL AND commanded_at IS NULL",
        "transform_only",
    ),
    Question("Was the command returned for local delivery only?", "variant IN (2, 6)", "local_only"),
    Question(
        # Which one it does not say: see service_request_withdrawals.py.
        "Does it cancel an earlier future-dated request? Done in time, that one is withdrawn and owes no outcome.",
        f"execution_at >= {CANCELLED_FROM}",
        "cancellation",
    ),
    Question(
        # 6.23 answers from DSP and device: its set-up is a set-up like any other's, and its outcome the flow future_both.
        # An SRV of no future-dated kind, or an unknown one, is taken for device-held once a device has reported on it.
        "Is it future-dated and held by the device? It is two happenings: the set-up, and the outcome (for 6.23: future_both).",
        "(execution_at IS NOT NULL AND (future_dated IN ('device', 'both') OR (future_dated = 'none' AND report_count > 0)))"
        " OR (receipt_at IS NULL AND report_count > 0)",
        "future_device_set_up",
    ),
    Question("Is it future-dated and held by the DSP?", "execution_at IS NOT NULL", "future_dsp"),
    Question(
        "Is it critical: sent in two steps, or by a sender that tells no variants and with a critical SRV?",
        "signed_at IS NOT NULL OR received_variant = 4 OR (variant IN (0, 9) AND is_critical)",
        "critical",
    ),
)

# Every answer no: also an unknown SRV, which is kept and never dropped (domain.md 5.1).
OTHERWISE = "on_demand"
