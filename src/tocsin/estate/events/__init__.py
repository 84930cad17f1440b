"""What happens in the network beside Service Requests: incidents, outages, alerts, firmware, installs, reports."""
