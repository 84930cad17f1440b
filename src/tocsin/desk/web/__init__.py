"""What `tocsin serve` serves: a dashboard and a read-only API over the frozen runs of a workspace (decision 19)."""
