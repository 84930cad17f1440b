"""Reminders: an e-mail to each Service Provider that owes files, as files to send or through a mail server; none is sent twice a day."""

import smtplib
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from tocsin.deliveries.owing import Owes
from tocsin.desk.due_calendar import file_word
from tocsin.desk.settings import MailServer
from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import Period, moment
from tocsin.vocabulary.errors import BadDeclaration

# A server that does not answer in this time is not waited for.
PATIENCE_S = 30


@dataclass(frozen=True)
class Reminder:
    """What a sender is reminded of on a day."""

    sender: str
    message: EmailMessage

    @property
    def file_name(self) -> str:
        return f"{self.message['X-Tocsin-Reminder']}.eml"


@dataclass(frozen=True)
class Occasion:
    """When and of what senders are reminded: a month, the instant (µs UTC), what is still to come in how long, and who reminds."""

    period: Period
    at: int
    soon_us: int
    sent_from: str


def reminders(owes: Iterable[Owes], contacts: Mapping[str, Sequence[str]], occasion: Occasion) -> list[Reminder]:
    """A message to each sender with a file that is missing, or due soon, at an instant; to no other.

    `contacts` are the addresses of each sender. Raises BadDeclaration for a sender that must be reminded and has none.
    """
    by_sender: dict[str, list[Owes]] = {}
    for one in owes:
        if one.missing or (one.next_due_at is not None and one.next_due_at <= occasion.at + occasion.soon_us):
            by_sender.setdefault(one.sender, []).append(one)
    if without := sorted(set(by_sender) - set(contacts)):
        raise BadDeclaration(
            f"no address is known for {', '.join(without)}: nobody was reminded. Add to workspace.toml: [[contact]] with sender and email."
        )
    return [Reminder(sender, _message(sender, found, contacts[sender], occasion)) for sender, found in sorted(by_sender.items())]


def write_reminders(found: Iterable[Reminder], folder: Path) -> list[Path]:
    """The messages as .eml files, which any mail program opens and sends; one that is there already is left as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for reminder in found:
        path = folder / reminder.file_name
        if not path.exists():
            path.write_bytes(reminder.message.as_bytes(policy=SMTP))
            written.append(path)
    return written


def send_reminders(found: Sequence[Reminder], server: MailServer, password: str | None, sent: Path) -> list[Reminder]:
    """Send the messages, all in one conversation, and keep a copy of each that was sent in the folder `sent`; give those that were.

    One of which a copy is there was sent before. Raises BadDeclaration when the server cannot be reached or refuses; those sent by then
    are kept, and the same command sends the others.
    """
    waiting = [reminder for reminder in found if not (sent / reminder.file_name).exists()]
    if not waiting:
        return []
    sent.mkdir(parents=True, exist_ok=True)
    try:
        with smtplib.SMTP(server.host, server.port, timeout=PATIENCE_S) as conversation:
            if server.starttls:
                conversation.starttls(context=ssl.create_default_context())
            if server.user:
                conversation.login(server.user, password or "")
            for reminder in waiting:
                conversation.send_message(reminder.message)
                write_reminders([reminder], sent)
    except (OSError, smtplib.SMTPException) as problem:
        done = sum((sent / reminder.file_name).exists() for reminder in waiting)
        raise BadDeclaration(
            f"mail server {server.host}:{server.port}: {type(problem).__name__}: {problem}. {done} of {len(waiting)} reminders were sent; "
            "put [mail] in workspace.toml right and run the same command for the others."
        ) from problem
    return waiting


def _message(sender: str, found: Sequence[Owes], addresses: Sequence[str], occasion: Occasion) -> EmailMessage:
    period, on = occasion.period, moment(occasion.at)
    missing = sum(one.missing for one in found)
    message = EmailMessage(policy=SMTP)
    message["From"] = occasion.sent_from
    message["To"] = ", ".join(addresses)
    message["Subject"] = f"{period.label}: {missing} files missing" if missing else f"{period.label}: files due soon"
    message["Date"] = on
    # The name of a reminder: a sender is told once a day of a month, however often the command runs.
    name = f"{period.label}-{file_word(sender)}-{on:%Y%m%d}"
    message["Message-ID"] = f"<{name}@tocsin>"
    message["X-Tocsin-Reminder"] = name
    message.set_content("\n".join(_lines(sender, found, period)))
    return message


def _lines(sender: str, found: Sequence[Owes], period: Period) -> list[str]:
    lines = [f"Files that {sender} owes to the DCC for {period.label}:", ""]
    for one in found:
        title = all_feeds()[one.feed].title
        if one.missing:
            lines.append(f"- {title}: {one.missing} of {one.owed} missing, the first since {_told(one.missing_since)}.")
        if one.to_come:
            lines.append(f"- {title}: {one.to_come} of {one.owed} still to come, the next due before {_told(one.next_due_at)}.")
    return [*lines, "", "What was sent and refused counts as missing: the refused rows and their reasons are with the DCC."]


def _told(at: int | None) -> str:
    return "an instant not told" if at is None else f"{moment(at):%a %d %b %Y %H:%M} UTC"
