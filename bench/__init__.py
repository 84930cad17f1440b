"""The main jobs, ours beside the peers a user could pick today, in one run and with the answers checked equal."""
