"""Future-dated requests that their User withdrew: they owe no outcome, for nobody may be blamed for what was called off (duis.md 6.1).

A cancellation is a request of its own that does not name the one it cancels. It is taken to cancel every future-dated request of the
same User to the same device with the same SRV that was received before it and was still waiting for its execution time.
"""

from tocsin.journeys.questions import decided_sql
from tocsin.journeys.service_request_clocks import IS_ANSWERED_WELL, IS_TOLD_FAILED, flowing_sql
from tocsin.journeys.service_request_outcomes import OTHERWISE as ANY_OTHER_OUTCOME
from tocsin.journeys.service_request_outcomes import OUTCOME_LADDER
from tocsin.journeys.service_request_points import ANSWERS, CODES, LAST_SEEN, TIME_POINTS, columns_of, requests_sql

# Requests with an execution time to a device that had one cancelled (picked_requests.py); of every bucket, for a request's bucket says
# nothing of that of its cancellation, and however old.
KIN = f"""
  SELECT {columns_of("kin")}
  FROM picked_rows AS kin
  WHERE kin.request_id IN (SELECT request_id FROM dated_requests) AND kin.observed_at < {LAST_SEEN} AND kin.time_point IN {TIME_POINTS}"""

# The device as the row names it that tells the execution time: KIN was found by it.
DATED_DEVICE = """,
    min(device_id) FILTER (WHERE execution_at IS NOT NULL) AS dated_device"""

# A cancellation that failed, or that nobody answered in time, withdraws nothing: its outcome is that of any other request.
CALLED = f"""
    SELECT
      answers.*,
      found_flow = 'cancellation' AND {decided_sql(OUTCOME_LADDER, ANY_OTHER_OUTCOME)} = 'success' AS is_cancelling
    FROM (
      SELECT
        flowing.*,
        whole_div(answered, {ANSWERS}) AS answered_at,
        whole_div(answered % {ANSWERS}, {CODES}) AS verdict,
        receipt_at + grace_us + coalesce(own_target_us, by_srv.target_us, by_flow.target_us, 0) AS waits_until
      FROM ({flowing_sql("kin_requests")}
      ) AS flowing
      LEFT JOIN target_times AS by_srv ON by_srv.srv = flowing.srv AND by_srv.flow = flowing.found_flow
      LEFT JOIN target_times AS by_flow ON by_flow.srv = '*' AND by_flow.flow = flowing.found_flow
      CROSS JOIN request_limits
    ) AS answers
    WHERE receipt_at IS NOT NULL AND user_id IS NOT NULL AND dated_device IS NOT NULL AND srv <> 'UNKNOWN'"""

# Whether an outcome is still owed: neither a device nor the DCC has told one.
IS_OWED = f"""(found_flow = 'future_dsp' AND answered IS NULL)
      OR (found_flow = 'future_device_set_up' AND report_count = 0 AND {IS_ANSWERED_WELL} AND NOT coalesce({IS_TOLD_FAILED}, FALSE))"""

# The first cancellation after a request is the one that withdrew it, and counts it. Read backwards in time: what stands before a row was
# received later, and of rows of one instant a cancellation stands last, for it cancels only what was received before it.
WITHDRAWALS = f"""
  SELECT
    request_id,
    own_device,
    is_withdrawn,
    CASE WHEN is_cancelling AND place = 1 THEN count_where(is_withdrawn) OVER (PARTITION BY user_id, dated_device, srv, cancelled_at) END
      AS withdrawn_count
  FROM (
    SELECT
      paired.*,
      coalesce(({IS_OWED}) AND cancelled_at < execution_at, FALSE) AS is_withdrawn,
      row_number() OVER (PARTITION BY user_id, dated_device, srv, cancelled_at, is_cancelling ORDER BY request_id, own_device) AS place
    FROM (
      SELECT
        called.*,
        CASE WHEN is_cancelling THEN receipt_at ELSE min(CASE WHEN is_cancelling THEN receipt_at END) OVER (
          PARTITION BY user_id, dated_device, srv ORDER BY receipt_at DESC, is_cancelling
        ) END AS cancelled_at
      FROM ({CALLED}
      ) AS called
    ) AS paired
  ) AS counted"""

KIN_REQUESTS = requests_sql(KIN, DATED_DEVICE)
