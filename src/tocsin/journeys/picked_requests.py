"""Requests that journeys ask for whatever their rows are stamped, few among all of the trail, with every row that tells of them.

A status update of a Communications Hub (8.14.x), an activation of firmware (11.3), a request whose execution time or cancellation may lie
in another month than its receipt: each is one row of the trail in some hundreds, and to find them reads all of it.
"""

from tocsin.engines.kernel import check
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.journeys.service_request_points import COLUMNS, FIRST_SEEN, told_srvs_sql
from tocsin.measuring.picks import PARAMETERS, Pick
from tocsin.vocabulary.service_requests import CANCELLED_FROM

SRVS = "('8.14.1', '8.14.2', '8.14.3', '8.14.4', '11.3')"

_TRAIL = {AUDIT_TRAIL.name: AUDIT_TRAIL.stored_columns}
_KEY = (("request_id", "BIGINT"),)

PICKED_REQUESTS = Pick(
    name="picked_requests",
    feeds=(AUDIT_TRAIL.name,),
    columns=(*_KEY, ("srv", "VARCHAR")),
    sql=f"SELECT DISTINCT request_id, srv FROM audit_trail WHERE srv IN {SRVS}",
)

# Those to be executed in the period that came long before it.
DUE_REQUESTS = Pick(
    name="due_requests",
    feeds=(AUDIT_TRAIL.name,),
    columns=_KEY,
    sql=f"""
SELECT DISTINCT request_id
FROM audit_trail
WHERE observed_at < {FIRST_SEEN} AND execution_at >= :start_at AND execution_at < :end_at""",
)

CALLED_DEVICES = Pick(
    name="called_devices",
    feeds=(AUDIT_TRAIL.name,),
    columns=(("device_id", "BIGINT"),),
    sql=f"SELECT DISTINCT device_id FROM audit_trail WHERE execution_at >= {CANCELLED_FROM}",
)

# Those with an execution time to a device that had one cancelled: the cancellations, and what they may have withdrawn.
DATED_REQUESTS = Pick(
    name="dated_requests",
    feeds=(AUDIT_TRAIL.name,),
    columns=_KEY,
    sql="""
SELECT DISTINCT request_id
FROM audit_trail
WHERE execution_at IS NOT NULL AND device_id IN (SELECT device_id FROM called_devices)""",
    of=(CALLED_DEVICES,),
)

_NAMES = tuple(name.strip() for name in COLUMNS.split(","))

# However old, of every time point, and rows that tell no SRV with the others.
PICKED_ROWS = Pick(
    name="picked_rows",
    feeds=(AUDIT_TRAIL.name,),
    columns=tuple((name, dict(_TRAIL[AUDIT_TRAIL.name])[name]) for name in _NAMES),
    sql=f"""
SELECT {COLUMNS}
FROM audit_trail
WHERE request_id IN (
  SELECT request_id FROM picked_requests
  UNION SELECT request_id FROM due_requests
  UNION SELECT request_id FROM dated_requests
)""",
    of=(PICKED_REQUESTS, DUE_REQUESTS, DATED_REQUESTS),
)

TOLD_SRVS = Pick(
    name="told_srvs",
    feeds=(AUDIT_TRAIL.name,),
    columns=(*_KEY, ("told_srv", "VARCHAR")),
    sql=told_srvs_sql(AUDIT_TRAIL.name),
)

PICKS = (PICKED_REQUESTS, DUE_REQUESTS, DATED_REQUESTS, PICKED_ROWS)
RELATIONS = {pick.name: pick.columns for pick in (*PICKS, TOLD_SRVS)}

for _pick in (CALLED_DEVICES, *PICKS, TOLD_SRVS):
    check(
        _pick.sql,
        {**_TRAIL, **{one.name: one.columns for one in _pick.of}},
        "journeys/picked_requests.py",
        PARAMETERS,
    )
