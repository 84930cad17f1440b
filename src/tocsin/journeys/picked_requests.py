"""Requests of the few SRVs that journeys beside that of Service Requests ask for, with all rows of the trail that tell of them.

A status update of a Communications Hub (8.14.x) or an activation of firmware (11.3) is one row of the trail in some hundreds, and to find
them reads all of it.
"""

from tocsin.engines.kernel import check
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.journeys.service_request_points import COLUMNS
from tocsin.measuring.picks import PARAMETERS, Pick

SRVS = "('8.14.1', '8.14.2', '8.14.3', '8.14.4', '11.3')"

_TRAIL = {AUDIT_TRAIL.name: tuple((column.name, column.stored_as) for column in AUDIT_TRAIL.columns)}

PICKED_REQUESTS = Pick(
    name="picked_requests",
    feeds=(AUDIT_TRAIL.name,),
    columns=(("request_id", "BIGINT"), ("srv", "VARCHAR")),
    sql=f"SELECT DISTINCT request_id, srv FROM audit_trail WHERE srv IN {SRVS}",
)

_NAMES = tuple(name.strip() for name in COLUMNS.split(","))

# However old, of every time point, and rows that tell no SRV with the others.
PICKED_ROWS = Pick(
    name="picked_rows",
    feeds=(AUDIT_TRAIL.name,),
    columns=tuple((name, dict(_TRAIL[AUDIT_TRAIL.name])[name]) for name in _NAMES),
    sql=f"SELECT {COLUMNS} FROM audit_trail WHERE request_id IN (SELECT request_id FROM picked_requests)",
    of=(PICKED_REQUESTS,),
)

PICKS = (PICKED_REQUESTS, PICKED_ROWS)
RELATIONS = {pick.name: pick.columns for pick in PICKS}

for _pick in PICKS:
    check(_pick.sql, {**_TRAIL, **RELATIONS}, "journeys/picked_requests.py", PARAMETERS)
