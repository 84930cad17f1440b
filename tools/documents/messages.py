"""docs/methodology/messages.md: what may be found wrong with a message, and the rows that a reading gives."""

from tools.documents.page import code, codes, page, table

from tocsin.messages.alert_rows import ALERT_COLUMNS
from tocsin.messages.finding import CHECKS
from tocsin.messages.observations import COLUMNS
from tocsin.messages.rows import AUDIT_COLUMNS


def messages() -> str:
    return page(
        "Reading messages",
        "`tocsin read-messages` reads DUIS XML and GBCS payloads into rows. Nothing is guessed: a row whose instant nobody tells is kept "
        "apart, whole, in its finding.",
        "## Rows",
        f"Audit trail: {codes(AUDIT_COLUMNS)}.",
        f"Alerts: {codes(ALERT_COLUMNS)}.",
        f"When messages were seen is told by a CSV file of {codes(COLUMNS)}.",
        "## Findings",
        table(("check", "it does not hold that"), [(code(check), sentence) for check, sentence in CHECKS.items()]),
    )
