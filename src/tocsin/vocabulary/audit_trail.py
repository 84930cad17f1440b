"""The words of the Service Audit Trail: where a message was seen, what kind it is, what its payload says (domain.md 9; duis.md 8.1)."""

# In the order of the road: from the User to the device and back.
TIME_POINTS = ("RX_DSP", "ACK_TX", "TX_CSP", "RX_CSP", "TX_DEV", "RX_DEV", "RX_CSP_UP", "RX_DSP_UP", "TX_USER", "USER_ACK")

MESSAGE_CLASSES = ("request", "ack", "reject", "precommand", "response", "scheduled", "fd_outcome", "local", "failure_alert")

DEVICE_RESULTS = ("ok", "failed", "partial", "not_supplied")
