"""Signs of the WAN at Communications Hubs that had none at first: what came back from them, or from the devices behind them."""

from tocsin.engines.kernel import check
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.journeys.picked_requests import PICKS, RELATIONS
from tocsin.measuring.picks import PARAMETERS, Pick
from tocsin.vocabulary.instants import DAY_US

# Signs of the WAN are looked for in the rows of this long before the period: the quarter before it, and the month before that.
SIGNS_FROM = f":start_at - {280 * DAY_US}"

# More devices than the journeys ask for: whichever a request with an 8.14.2 names in any row, whatever became of it.
NAMED = """
    SELECT device_id FROM picked_rows WHERE request_id IN (SELECT request_id FROM picked_requests WHERE srv = '8.14.2')"""

# A response that came back from the WAN is the sign that there is one, whatever the device says in it.
SQL = f"""
SELECT device_id, observed_at
FROM audit_trail
WHERE time_point = 'RX_DSP_UP' AND message_class IN ('response', 'scheduled', 'fd_outcome') AND observed_at >= {SIGNS_FROM}
  AND device_id IN ({NAMED}
    UNION ALL
    SELECT device_id FROM device_inventory WHERE comms_hub_id IN ({NAMED}
    )
  )
"""

HUB_SIGNS = Pick(
    name="hub_signs",
    feeds=(AUDIT_TRAIL.name, DEVICE_INVENTORY.name),
    columns=(("device_id", "BIGINT"), ("observed_at", "BIGINT")),
    sql=SQL,
    of=PICKS,
)

_FEEDS = {feed.name: feed.stored_columns for feed in (AUDIT_TRAIL, DEVICE_INVENTORY)}
check(SQL, {**_FEEDS, **RELATIONS}, "journeys/picked_hub_signs.py", PARAMETERS)
