"""Mail: what is written by hand is what the standard library reads back."""

from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.connectors.simulated import CALM
from segue.connectors.simulated.eml import LINE_BYTES_MAX, is_address, mailbox, message_id, write_message
from segue.connectors.simulated.mailer import file_name
from segue.ports import Person, PortFailed
from tests.connectors.simulated.calls import ADA, START_S, a_world, mail

SENDER = mailbox("Segue Demo Shop", "shop@example.com")
printable = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=200)


def parsed(content: bytes) -> EmailMessage:
    """A message as the standard library reads it."""
    message = BytesParser(policy=policy.default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    assert all(not header.defects for header in message.values())
    return message


def content_of(content: bytes) -> str:
    """The text of a message, with the line ends of Python."""
    text = parsed(content).get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def words(text: str) -> str:
    """Text with its white space made single spaces, as header fields may fold it."""
    return " ".join(text.split())


def written(subject: str = "Your order", text: str = "Thank you.\n", to: str = "ada@example.com") -> bytes:
    """A message."""
    return write_message(SENDER, to, subject, text, "<k@example.com>", START_S)


def test_a_message_has_all_that_a_message_needs() -> None:
    message = parsed(written("Größe 42 für Ada", "Schöne Grüße\nSegue"))
    assert message["Subject"] == "Größe 42 für Ada"
    assert message["From"] == "Segue Demo Shop <shop@example.com>"
    assert message["To"] == "ada@example.com"
    assert message["Message-ID"] == "<k@example.com>"
    assert message["Date"].datetime.timestamp() == START_S
    assert message["Date"] == "Tue, 14 Nov 2023 22:13:20 +0000"
    assert content_of(written(text="Schöne Grüße\nSegue")) == "Schöne Grüße\nSegue\n"


@given(printable)
def test_any_subject_comes_back(subject: str) -> None:
    assert words(parsed(written(subject))["Subject"]) == words(subject)


@given(st.text())
def test_no_subject_can_add_a_header_or_a_body(subject: str) -> None:
    message = parsed(written(subject))
    assert sorted(message.keys()) == sorted(parsed(written()).keys())
    assert content_of(written(subject)) == "Thank you.\n"


@given(printable)
def test_any_name_comes_back(name: str) -> None:
    message = BytesParser(policy=policy.compat32).parsebytes(written(to=mailbox(name, "ada@example.com")))
    ((read, email),) = getaddresses([message["To"]])
    assert email == "ada@example.com"
    assert words(str(make_header(decode_header(read)))) == words(name)


@given(st.text(st.characters(exclude_characters="\r", codec="utf-8") | st.just("\n"), max_size=3000))
def test_any_text_comes_back(text: str) -> None:
    content = written(text=text)
    assert content_of(content).rstrip("\n") == text.rstrip("\n")
    assert max(map(len, content.split(b"\r\n"))) <= LINE_BYTES_MAX
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("text", ["x" * 5000, "ä" * 600, "a\0b"])
def test_text_that_mail_cannot_carry_as_it_is_is_encoded(text: str) -> None:
    message = parsed(written(text=text))
    assert message["Content-Transfer-Encoding"] == "base64"
    assert content_of(written(text=text)).rstrip("\n") == text


def test_line_ends_of_other_systems_are_line_ends() -> None:
    assert content_of(written(text="a\r\nb\rc")) == "a\nb\nc\n"


@pytest.mark.parametrize(
    "email", ["", "ada", "a@b@c", "ada@example.com\r\nBcc: x@example.com", "<a@b>", "ä@b.de", "a@b c"]
)
def test_what_is_not_an_address_is_not_taken(email: str) -> None:
    assert not is_address(email)


@pytest.mark.parametrize("email", ["ada@example.com", "o'neil+segue@mail.example.co.uk", "a@b"])
def test_an_address_is_an_address(email: str) -> None:
    assert is_address(email)


@given(st.text(min_size=1, max_size=200))
def test_any_key_makes_a_message_id(key: str) -> None:
    content = write_message(SENDER, "ada@example.com", "s", "t", message_id(key, "example.com"), START_S)
    assert parsed(content)["Message-ID"] == message_id(key, "example.com")


def test_a_message_is_written_to_a_file_once(tmp_path: Path) -> None:
    world = a_world(behavior=CALM, mail_folder=tmp_path)
    answer = world.mailer.send("k/1", mail(), ADA)
    assert (answer.outcome, world.mailer.send("k/1", mail(), ADA)) == ("done", answer)
    (file,) = tmp_path.iterdir()
    assert file.name.startswith("o1-k-1-")
    message = parsed(file.read_bytes())
    assert message["To"] == "Ada Lopez <ada@example.com>"
    assert message["Message-ID"] == answer.reference
    assert world.mailer.sent == {"order_received": 1}


def test_file_names_are_safe_and_differ() -> None:
    assert file_name("o1", "abc-1") == "o1-abc-1.eml"
    names = {file_name(order, key) for order in ("../o", "..-o", "o" * 300) for key in ("k/1", "k-1", "k\0")}
    assert len(names) == 9
    assert all("/" not in name and "\0" not in name and len(name) < 255 for name in names)


@pytest.mark.parametrize(
    ("person", "detail"),
    [(None, "erased"), (Person("c1"), "no_address"), (Person("c1", email="nowhere"), "bad_address")],
)
def test_mail_that_cannot_be_sent_is_declined(tmp_path: Path, person: Person | None, detail: str) -> None:
    world = a_world(behavior=CALM, mail_folder=tmp_path)
    answer = world.mailer.send("k", mail(), person)
    assert (answer.outcome, answer.detail) == ("declined", detail)
    assert list(tmp_path.iterdir()) == []
    assert not world.mailer.sent


def test_a_folder_that_is_gone_is_a_mailer_that_does_not_answer(tmp_path: Path) -> None:
    world = a_world(behavior=CALM, mail_folder=tmp_path / "mail")
    (tmp_path / "mail").rmdir()
    with pytest.raises(PortFailed, match="No such file"):
        world.mailer.send("k", mail(), ADA)
    (tmp_path / "mail").mkdir()
    assert world.mailer.send("k", mail(), ADA).outcome == "done"
