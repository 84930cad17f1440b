"""What became of a Service Request: exactly one of six outcomes, asked as a ladder of questions (domain.md 6.4)."""

from tocsin.journeys.questions import Question

# What one answer says, in the order in which answers of one and the same instant are believed: the worst first, so as never to flatter.
VERDICTS = ("user_reject", "dcc_fail", "device_fail", "success")
USER_REJECT, DCC_FAIL, DEVICE_FAIL, SUCCESS = range(len(VERDICTS))

OUTCOMES = ("success", "device_fail", "dcc_fail", "timeout", "user_reject", "open")

# waits_until: the start of the clock, the Target Response Time and the grace together; an answer at that very instant is in time.
OUTCOME_LADDER = (
    Question("No final answer yet, and its waiting time is not over?", "answered_at IS NULL AND :as_at <= waits_until", "open"),
    Question(
        # An answer after that is no answer in time: it stays a failure however good it is, but keeps its Round Trip Time.
        "No final answer by the end of its Target Response Time and the grace after it?",
        "answered_at IS NULL OR answered_at > waits_until",
        "timeout",
    ),
    Question("Was it refused because of the request itself: format, authorisation, role?", f"verdict = {USER_REJECT}", "user_reject"),
    Question(
        "Did the DSP, a CSP or an S1SP answer with an error, or the DCC tell that the command failed?", f"verdict = {DCC_FAIL}", "dcc_fail"
    ),
    Question("Did the device answer, with an error?", f"verdict = {DEVICE_FAIL}", "device_fail"),
)

# Every answer no: a final answer in time, with a success code and no error that the sender could see in the device's payload.
OTHERWISE = "success"
