"""Reminders: who is reminded of what, once a day; the messages as files, and through a real mail server of this machine."""

import email
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import ValidationError

from desk_road import new_desk
from tocsin.deliveries.owing import Owes
from tocsin.desk.reminders import Occasion, reminders, send_reminders, write_reminders
from tocsin.desk.settings import Contact, MailServer
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import DAY_US

AUGUST = Period(2021, 8)
AT = parse_instant("2021-09-03T09:00:00Z")
CONTACTS = {"DSP": ("reports@dsp.example", "duty@dsp.example"), "CSPN": ("pm@cspn.example",)}
OCCASION = Occasion(AUGUST, AT, DAY_US, "toc@dcc.example")


def owes(sender: str, *, missing: int = 0, to_come: int = 0, next_due_at: int | None = None) -> Owes:
    since = AT - DAY_US if missing else None
    return Owes("provider_reports", sender, 3, 3 - missing - to_come, 0, missing, to_come, None, since, next_due_at, None)


def body(message: EmailMessage) -> str:
    text = message.get_body()
    assert text is not None
    return str(text.get_content())


def test_who_owes_something_is_reminded_and_nobody_else() -> None:
    found = reminders(
        [
            owes("DSP", missing=2),
            owes("CSPN", to_come=1, next_due_at=AT + DAY_US),
            owes("CSPCS", to_come=1, next_due_at=AT + DAY_US + 1),
            owes("S1SP-5"),
        ],
        CONTACTS,
        OCCASION,
    )
    assert [one.sender for one in found] == ["CSPN", "DSP"]
    soon, missing = (one.message for one in found)
    assert (missing["To"], missing["From"]) == ("reports@dsp.example, duty@dsp.example", "toc@dcc.example")
    assert (missing["Subject"], soon["Subject"]) == ("2021-08: 2 files missing", "2021-08: files due soon")
    assert "2 of 3 missing, the first since Thu 02 Sep 2021 09:00 UTC" in body(missing)
    assert "1 of 3 still to come, the next due before Sat 04 Sep 2021 09:00 UTC" in body(soon)


def test_a_sender_without_an_address_is_named_and_nobody_is_reminded() -> None:
    with pytest.raises(BadDeclaration, match=r"S1SP-5: nobody was reminded.*\[\[contact\]\]"):
        reminders([owes("DSP", missing=1), owes("S1SP-5", missing=1)], CONTACTS, OCCASION)


def test_messages_as_files_are_written_once(tmp_path: Path) -> None:
    found = reminders([owes("DSP", missing=1)], CONTACTS, OCCASION)
    (path,) = write_reminders(found, tmp_path)
    assert path.name == "2021-08-DSP-20210903.eml"
    assert email.message_from_bytes(path.read_bytes(), policy=default)["Subject"] == "2021-08: 1 files missing"
    assert write_reminders(found, tmp_path) == []


def test_a_sender_cannot_name_another_folder() -> None:
    (found,) = reminders([owes("../../DSP", missing=1)], {"../../DSP": ("a@b.example",)}, OCCASION)
    assert found.file_name == "2021-08-______DSP-20210903.eml"


@pytest.mark.parametrize("address", ["a@b.example\nBcc: c@d.example", "nobody", "a b@c.example"])
def test_an_address_that_is_none_is_refused_when_the_settings_are_read(address: str) -> None:
    with pytest.raises(ValidationError, match="email"):
        Contact(sender="DSP", email=(address,))


@dataclass
class Mailbox:
    """What a mail server was given; from the `refuses_from`-th message on it refuses."""

    refuses_from: int = 99
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if len(self.messages) + 1 >= self.refuses_from:
            return "452 the mailbox is full"
        self.messages.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]  # by this policy it is one
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, MailServer]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, MailServer(host="127.0.0.1", port=port, sent_from="toc@dcc.example", starttls=False)
    controller.stop()


def test_a_server_gets_each_message_once_a_day(tmp_path: Path, mailbox: tuple[Mailbox, MailServer]) -> None:
    box, server = mailbox
    found = reminders([owes("DSP", missing=1), owes("CSPN", missing=1)], CONTACTS, OCCASION)
    assert len(send_reminders(found, server, None, tmp_path)) == 2
    assert sorted(message["To"] for message in box.messages) == ["pm@cspn.example", "reports@dsp.example, duty@dsp.example"]
    assert "1 of 3 missing" in body(box.messages[0])
    assert send_reminders(found, server, None, tmp_path) == [] and len(box.messages) == 2
    # On the next day both are reminded again.
    tomorrow = reminders([owes("DSP", missing=1)], CONTACTS, Occasion(AUGUST, AT + DAY_US, DAY_US, "toc@dcc.example"))
    assert len(send_reminders(tomorrow, server, None, tmp_path)) == 1 and len(box.messages) == 3


def test_what_a_server_took_before_it_refused_is_not_sent_again(tmp_path: Path, mailbox: tuple[Mailbox, MailServer]) -> None:
    box, server = mailbox
    found = reminders([owes("DSP", missing=1), owes("CSPN", missing=1)], CONTACTS, OCCASION)
    box.refuses_from = 2
    with pytest.raises(BadDeclaration, match=r"1 of 2 reminders were sent.*run the same command for the others"):
        send_reminders(found, server, None, tmp_path)
    box.refuses_from = 99
    assert [one.sender for one in send_reminders(found, server, None, tmp_path)] == ["DSP"]
    assert len(box.messages) == 2


def test_a_server_that_is_not_there_is_named(tmp_path: Path, mailbox: tuple[Mailbox, MailServer]) -> None:
    nobody = MailServer(host="127.0.0.1", port=1, sent_from="toc@dcc.example", starttls=False)
    with pytest.raises(BadDeclaration, match=r"mail server 127\.0\.0\.1:1: ConnectionRefusedError.*0 of 1 reminders"):
        send_reminders(reminders([owes("DSP", missing=1)], CONTACTS, OCCASION), nobody, None, tmp_path)


def test_the_command_sends_through_the_workspace_s_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the address it is sent from and the password that the environment holds; a copy is kept, and nobody is told twice on a day."""
    box, logins = Mailbox(), []

    def let_in(server: object, session: object, envelope: object, mechanism: str, login: LoginPassword) -> AuthResult:
        logins.append((login.login, login.password))
        return AuthResult(success=True)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, authenticator=let_in, auth_require_tls=False)
    desk = new_desk(
        tmp_path / "w",
        '[[expected]]\nfeed = "audit_trail"\nsender = "DSP"\nevery = "day"\nsince = 2021-08-30\nuntil = 2021-09-03\n'
        '[[contact]]\nsender = "DSP"\nemail = ["duty@dsp.example"]\n'
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsent_from = "toc@dcc.example"\nstarttls = false\nuser = "toc"\n',
    )
    monkeypatch.setenv("TOCSIN_MAIL_PASSWORD", "of the mailbox")
    at = ("--as-at", "2021-08-31T12:00Z")
    controller.start()
    try:
        # Due at midnight after the 31st: within a day, and not within none.
        assert "0 reminders sent" in desk("remind", "2021-08", *at, "--days", 0).out
        assert "1 messages written" in desk("remind", "2021-08", *at, "--out", tmp_path / "mail").out and not box.messages
        assert "1 reminders sent; 0 had been sent" in desk("remind", "2021-08", *at).out
        assert "0 reminders sent; 1 had been sent" in desk("remind", "2021-08", *at).out
    finally:
        controller.stop()
    (message,) = box.messages
    assert (message["From"], message["To"]) == ("toc@dcc.example", "duty@dsp.example")
    assert logins == [(b"toc", b"of the mailbox")]
    assert [path.suffix for path in (desk.root / "reminders").iterdir()] == [".eml"]
