"""From rows of the audit trail to one row a request: which point of the journey each row is, and the earliest of every point.

Plain packed integers instead of the kernel's earliest(): the instant in the upper bits and what is told in the lower ones, so that one
min() over whole numbers finds the earliest row and what it says. It is the dearest step of a close, done for every row of a month.
"""

from tocsin.journeys.service_request_facts import ACCEPTED, LOOKBACK_US, UNCLEAR, UNLISTED
from tocsin.journeys.service_request_outcomes import DCC_FAIL, DEVICE_FAIL, SUCCESS, USER_REJECT

# Points of the journey that the clocks of domain.md 6.2 stand on. The DSP sees all of them; hops inside a CSP's network are not asked for.
RECEIVED, SIGNED, PRECOMMAND, ACKNOWLEDGED, COMMANDED, RETURNED, ANSWERED, LOCAL, REPORTED = range(1, 10)
TIME_POINTS = "('RX_DSP', 'ACK_TX', 'TX_CSP', 'RX_DSP_UP', 'TX_USER')"

# Bits below the instant: 4 for a command variant of 1 to 9; 2 and 9 for a verdict and a code's number. With 11 bits instants reach 2112.
VARIANTS = 16
CODES = 512
ANSWERS = 4 * CODES

FIRST_SEEN = f":start_at - {LOOKBACK_US}"
# Twice as far ahead as back, so that a round trip of up to 70 days is set aside in the same way wherever in the month it began.
LAST_SEEN = f":end_at + {2 * LOOKBACK_US}"

COLUMNS = (
    "request_id, device_id, observed_at, time_point, message_class, srv, command_variant, response_code, device_result, user_id,"
    " device_type, region, service_provider, execution_at, scheduled_at, instruction_no, instruction_total, target_us"
)


# Alerts and outcomes read from messages tell no SRV (duis.md 4 and 6, rule 8): it is that of the request's other rows. Such rows are few,
# so the others are asked for by request and not by a window over every row of the month.
def told_srvs_sql(rows: str) -> str:
    """The SRV of requests of which a row tells none, out of the trail or of all rows picked of some requests."""
    return f"""
  SELECT request_id, min(srv) AS told_srv
  FROM {rows}
  WHERE srv IS NOT NULL AND request_id IN (SELECT request_id FROM {rows} WHERE srv IS NULL)
  GROUP BY request_id"""


def columns_of(rows: str) -> str:
    """The columns of the trail that the journey asks for, out of a relation or alias."""
    return ", ".join(f"{rows}.{column.strip()} AS {column.strip()}" for column in COLUMNS.split(","))


# Rows of one bucket that may belong to a happening of the period. A future-dated request may have come in long before the month it is to be
# executed in, so every row of such a request is looked at, however old: a refusal given months ago means that no outcome is owed now.
SEEN = f"""
  SELECT {COLUMNS}
  FROM audit_trail
  WHERE request_id >= :first_key AND request_id <= :last_key
    AND observed_at >= {FIRST_SEEN} AND observed_at < {LAST_SEEN} AND time_point IN {TIME_POINTS}
  UNION ALL
  SELECT {columns_of("earlier")}
  FROM picked_rows AS earlier
  WHERE earlier.request_id >= :first_key AND earlier.request_id <= :last_key
    AND earlier.request_id IN (SELECT request_id FROM due_requests)
    AND earlier.observed_at < {FIRST_SEEN} AND earlier.time_point IN {TIME_POINTS}"""


# What an answer says, by its code first and then by what the device's payload told the sender (domain.md 6.4, duis.md 3.1 and 3.2).
# An unlisted code is read by its first letter. Without any word of success nothing is taken for one: what cannot be read is the DCC's.
VERDICT = f"""CASE
      WHEN message_class = 'failure_alert' THEN {DCC_FAIL}
      WHEN code_facts.says <= {DEVICE_FAIL} THEN code_facts.says
      WHEN message_class = 'reject' THEN {USER_REJECT}
      WHEN device_result IN ('failed', 'partial') THEN {DEVICE_FAIL}
      WHEN code_facts.says IN ({SUCCESS}, {ACCEPTED}) THEN {SUCCESS}
      WHEN code_facts.says = {UNCLEAR} THEN {DCC_FAIL}
      WHEN starts_with(seen.response_code, 'I') OR starts_with(seen.response_code, 'W') THEN {SUCCESS}
      WHEN starts_with(seen.response_code, 'E') THEN {DCC_FAIL}
      WHEN device_result = 'ok' THEN {SUCCESS}
      ELSE {DCC_FAIL}
    END"""

# A request answered inside the DCC may name a device as its subject, and its answer none (duis.md 2: non-device requests carry it in the
# body): there the request_id alone is the key, or every such answer would stand without its request. 0 is no device. Of an SRV that no
# catalogue has, only the request's own row may tell (by its variant) where it is answered, so there too.
OWN_DEVICE = """CASE
      WHEN srv_facts.is_non_device OR srv_facts.srv IS NULL THEN 0
      ELSE coalesce(device_id, 0)
    END"""

# I99 is no answer of a device (duis.md 0.6), whichever class a sender gives it; an acknowledgement that refuses is one.
POINT = f"""CASE
      WHEN time_point = 'RX_DSP' THEN
        CASE WHEN message_class <> 'request' THEN 0 WHEN command_variant IN (5, 6, 7) THEN {SIGNED} ELSE {RECEIVED} END
      WHEN time_point = 'TX_CSP' THEN CASE WHEN message_class = 'request' THEN {COMMANDED} ELSE 0 END
      WHEN time_point = 'RX_DSP_UP' THEN CASE WHEN message_class IN ('response', 'scheduled') THEN {RETURNED} ELSE 0 END
      WHEN (message_class = 'ack' OR (message_class = 'response' AND says = {ACCEPTED}))
        AND (verdict = {SUCCESS} OR response_code IS NULL) THEN {ACKNOWLEDGED}
      WHEN message_class IN ('response', 'scheduled', 'reject', 'failure_alert', 'ack') THEN {ANSWERED}
      WHEN time_point = 'ACK_TX' THEN 0
      WHEN message_class = 'precommand' THEN {PRECOMMAND}
      WHEN message_class = 'fd_outcome' THEN {REPORTED}
      WHEN message_class = 'local' THEN {LOCAL}
      ELSE 0
    END"""


SRV_TOLD = columns_of("seen").replace("seen.srv AS srv", "coalesce(seen.srv, told_srvs.told_srv, 'UNKNOWN') AS srv")


def points_sql(seen: str) -> str:
    """Rows seen, each with its SRV, its point and its answer packed: instant, verdict, number of its code."""
    return f"""
  SELECT told.*, {POINT} AS point, observed_at * {ANSWERS} + verdict * {CODES} + code_no AS answer
  FROM (
    SELECT {SRV_TOLD}, {OWN_DEVICE} AS own_device, code_facts.says AS says, {VERDICT} AS verdict,
      CASE WHEN seen.response_code IS NULL THEN 0 ELSE coalesce(code_facts.code_no, {UNLISTED}) END AS code_no
    FROM ({seen}
    ) AS seen
    LEFT JOIN code_facts ON code_facts.response_code = seen.response_code
    LEFT JOIN told_srvs ON told_srvs.request_id = seen.request_id
    LEFT JOIN srv_facts ON srv_facts.srv = coalesce(seen.srv, told_srvs.told_srv)
  ) AS told"""


# One row a request and device. Rows of other deliveries, copies and rows out of order fall together here: the earliest of each point
# counts, the rest are repeats. That is also why a late copy of an answered request cannot open a second, unanswered one.
#
# A number a request is what the grouping costs, whether any row tells it or none. Its receipt, and where there is none its first row, are
# one number: nobody asks for the first row of a request whose receipt is there.
NO_RECEIPT = 1 << 62
OFTEN = f"""
    min(device_id) AS device_id,
    min(CASE WHEN point = {RECEIVED} THEN observed_at * {VARIANTS} + coalesce(command_variant, 0) ELSE {NO_RECEIPT} + observed_at END)
      AS first_row,
    min(observed_at * {VARIANTS} + command_variant) FILTER (WHERE point = {SIGNED}) AS signed,
    min(observed_at) FILTER (WHERE point = {PRECOMMAND}) AS precommand_at,
    min(observed_at * {ANSWERS} + {SUCCESS * CODES} + code_no) FILTER (WHERE point = {ACKNOWLEDGED}) AS acknowledged,
    min(observed_at) FILTER (WHERE point = {COMMANDED}) AS commanded_at,
    min(observed_at) FILTER (WHERE point = {RETURNED}) AS returned_at,
    min(answer) FILTER (WHERE point = {ANSWERED}) AS answered,
    count_where(point BETWEEN {RECEIVED} AND {LOCAL}) AS row_count,
    min(scheduled_at) AS scheduled_at,
    min(srv) AS srv,
    min(user_id) AS user_id,
    min(device_type) AS told_device_type,
    min(region) AS told_region,
    -- '~' is behind every letter: the DSP is named only where no CSP or S1SP is, for it is on every leg.
    min(CASE WHEN service_provider = 'DSP' THEN '~' ELSE service_provider END) AS told_provider"""

# What few requests have, and the rows that tell it.
SELDOM = f"""
    min(answer) FILTER (WHERE point = {ANSWERED} AND verdict < {SUCCESS}) AS failed,
    min(observed_at) FILTER (WHERE point = {LOCAL}) AS local_at,
    count_where(point = {REPORTED}) AS report_count,
    min(execution_at) AS execution_at,
    -- The target of a transformation is not that of the signed command which follows it under the same request_id.
    min(target_us) FILTER (WHERE point <> {REPORTED} AND coalesce(command_variant, 0) <> 4) AS own_target_us,
    min(response_code) FILTER (WHERE code_no = {UNLISTED} AND point IN ({ACKNOWLEDGED}, {ANSWERED}, {REPORTED})) AS unlisted_code"""
IS_SELDOM = f"""point IN ({LOCAL}, {REPORTED}) OR (point = {ANSWERED} AND verdict < {SUCCESS}) OR code_no = {UNLISTED}
    OR execution_at IS NOT NULL OR target_us IS NOT NULL"""

RECEIPT = f"""
    CASE WHEN first_row < {NO_RECEIPT} THEN first_row END AS received,
    CASE WHEN first_row < {NO_RECEIPT} THEN whole_div(first_row, {VARIANTS}) ELSE first_row - {NO_RECEIPT} END AS first_at"""


def requests_sql(seen: str, more: str = "") -> str:
    """One row a request and device, out of rows seen; `more` is a further column."""
    return f"""
  SELECT grouped.*, {RECEIPT}
  FROM (
    SELECT request_id, own_device, {OFTEN}, {SELDOM}{more}
    FROM ({points_sql(seen)}
    ) AS points
    GROUP BY request_id, own_device
  ) AS grouped"""


# The same of a month's requests, out of `points`: what few have is grouped for those few. In compiled code nothing is gained
# (docs/decisions/0018).
OFTEN_TOLD = f"""
  SELECT request_id, own_device, {OFTEN}
  FROM points
  GROUP BY request_id, own_device"""
SELDOM_TOLD = f"""
  SELECT request_id, own_device, {SELDOM}
  FROM points
  WHERE {IS_SELDOM}
  GROUP BY request_id, own_device"""
REQUESTS = f"""
  SELECT often.*, {RECEIPT}, failed, local_at, coalesce(report_count, 0) AS report_count, execution_at, own_target_us, unlisted_code
  FROM often LEFT JOIN seldom ON seldom.request_id = often.request_id AND seldom.own_device = often.own_device"""

# What devices reported of commands they held: complete when every instruction has been reported, at the time of the last; one
# instruction that failed fails the command (duis.md 6.1: up to nine outcomes for one command).
REPORTS = f"""
  SELECT
    request_id,
    own_device,
    count(*) AS instruction_count,
    coalesce(max(instruction_total), 1) AS instruction_total,
    max(whole_div(first_report, {ANSWERS})) * {ANSWERS} + min(first_report % {ANSWERS}) AS reported
  FROM (
    SELECT
      request_id,
      own_device,
      min(answer) AS first_report,
      max(instruction_total) AS instruction_total
    FROM points
    -- The class says nothing that the point does not; it is seen before anything is joined or judged.
    WHERE point = {REPORTED} AND message_class = 'fd_outcome'
    GROUP BY request_id, own_device, coalesce(instruction_no, 1)
  ) AS instructions
  GROUP BY request_id, own_device"""
