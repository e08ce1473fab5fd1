"""E-mail as RFC 5322 has it, written by hand because the standard library takes ten times as long.

Plain text in UTF-8 only. What it writes is read back by the standard library's parser in the tests.
"""

import re
import time
from base64 import b64encode, encodebytes
from functools import lru_cache

WORD_BYTES_MAX = 42  # of text in one encoded word: base64 and the frame make 68 characters of it, 75 are allowed
PLAIN_MAX = 60  # characters of a header's text that need no folding
LINE_BYTES_MAX = 998
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
ID_TEXT = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
PLAIN = re.compile(r"[ -~]*")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_message(sender: str, to: str, subject: str, text: str, message_id: str, at_s: int) -> bytes:
    """A whole message. `sender` and `to` are made by `mailbox`; any text is safe as subject and text."""
    encoding, body = body_of(text)
    head = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {header_text(subject)}\r\nDate: {date(at_s)}\r\n"
        f"Message-ID: {message_id}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\nAuto-Submitted: auto-generated\r\n\r\n"
    )
    return head.encode("ascii") + body


def is_address(email: str) -> bool:
    """Whether this is an address that can stand in a header: one @, ASCII, nothing that ends a header or a mailbox."""
    return ADDRESS.fullmatch(email) is not None


@lru_cache(maxsize=256)
def mailbox(name: str, email: str) -> str:
    """A name and an address: `"Ada Lopez" <ada@example.com>`."""
    if not name:
        return email
    if PLAIN.fullmatch(name) and len(name) <= PLAIN_MAX and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{email}>'
    return f"{encoded_words(name)}\r\n <{email}>"


def message_id(key: str, domain: str) -> str:
    """A Message-ID made from an idempotency key, so that both ends see that two messages are one."""
    if ID_TEXT.fullmatch(key) and len(key) <= PLAIN_MAX * 2:
        return f"<{key}@{domain}>"
    return f"<{key.encode().hex()[:200]}@{domain}>"


def header_text(text: str) -> str:
    """Text for a header: as it is if it is short and plain, else in encoded words (RFC 2047)."""
    if len(text) <= PLAIN_MAX and PLAIN.fullmatch(text) and "=?" not in text:
        return text
    return encoded_words(text)


def encoded_words(text: str) -> str:
    """Text as base64 words, folded; a character is never cut in two. Line breaks become spaces."""
    if not text.isprintable():
        text = CONTROL.sub(" ", text)
    whole = text.encode("utf-8", "replace")
    if len(whole) <= WORD_BYTES_MAX:
        return f"=?utf-8?b?{b64encode(whole).decode()}?="
    words, word = [], b""
    for character in text:
        more = character.encode("utf-8", "replace")
        if len(word) + len(more) > WORD_BYTES_MAX:
            words.append(word)
            word = b""
        word += more
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in (*words, word))


def body_of(text: str) -> tuple[str, bytes]:
    """The transfer encoding and the body: 8bit with CRLF if the lines allow it, else base64."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    body = text.replace("\n", "\r\n").encode("utf-8", "replace")
    if b"\0" in body or (len(body) > LINE_BYTES_MAX and max(map(len, body.split(b"\r\n"))) > LINE_BYTES_MAX):
        return "base64", encodebytes(body).replace(b"\n", b"\r\n")
    return "8bit", body if body.endswith(b"\r\n") else body + b"\r\n"


def date(at_s: int) -> str:
    """An instant as RFC 5322 writes it, in UTC."""
    day, second = divmod(at_s, 86_400)
    return f"{_day(day)} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02} +0000"


@lru_cache(maxsize=64)
def _day(day: int) -> str:
    moment = time.gmtime(day * 86_400)
    return f"{DAYS[moment.tm_wday]}, {moment.tm_mday:02} {MONTHS[moment.tm_mon - 1]} {moment.tm_year}"
