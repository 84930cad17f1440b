"""Where the text of a Communications Hub's identifier is told, for the work lists."""

# The trail first: a workbook or a Parquet file has no lines in which the identifier could be looked up.
HUB_TOLD_IN = (("audit_trail", "device_id"), ("no_sm_wan_incidents", "comms_hub_id"))
