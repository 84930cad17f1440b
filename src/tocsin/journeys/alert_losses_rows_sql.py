"""The way back from a quarter-hour of a leg to the lines it was made of: a line does not say itself of which leg and quarter-hour it is."""

from tocsin.journeys.alert_facts import LOOK_US
from tocsin.journeys.alert_losses_sql import ENDS

# Of each alert the lines that tell the ends of the leg; an alert is of the quarter-hour in which it set out inside the DSP, however much
# later it was passed on.
STAGE_LINES = f"""
WITH {ENDS}
SELECT s.delivery_no, s.line, r.leg, r.service_provider, r.slice_at
FROM record_ends r JOIN alert_stages s ON s.alert_key = r.alert_key
  JOIN deliveries d ON d.delivery_no = s.delivery_no LEFT JOIN alert_senders o ON o.sender = d.sender
WHERE s.observed_at >= :start_at - {LOOK_US} AND s.observed_at < :end_at + {LOOK_US} AND CASE
  WHEN r.leg = 'inside_dsp' THEN s.stage IN ('e', 'f') AND coalesce(o.is_dsp, FALSE)
  WHEN r.passed > 0 THEN s.stage = 'd' AND NOT coalesce(o.is_dsp, FALSE)
  ELSE s.stage = 'e' AND coalesce(o.is_dsp, FALSE)
END
"""

# A count is passed over where its end is told alert by alert.
COUNT_LINES = f"""
WITH {ENDS},
one_by_one AS (
  SELECT leg, service_provider, slice_at, whole_sum(passed) AS passed, whole_sum(arrived) AS arrived
  FROM record_ends
  GROUP BY leg, service_provider, slice_at
)
SELECT c.delivery_no, c.line, c.leg, c.service_provider, c.slice_at
FROM count_ends c
  LEFT JOIN one_by_one r ON r.leg = c.leg AND r.service_provider = c.service_provider AND r.slice_at = c.slice_at
WHERE coalesce(CASE WHEN c.is_start THEN r.passed ELSE r.arrived END, 0) = 0
"""
