"""A mailer that writes each message into a folder as an `.eml` file, which any mail program opens; or only counts."""

import os
import re
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from typing import Any

from segue.connectors.simulated.behavior import MailerBehavior
from segue.connectors.simulated.desk import Desk, SimulatedPort
from segue.connectors.simulated.eml import is_address, mailbox, message_id, write_message
from segue.connectors.simulated.journal import Done
from segue.ports import Answer, Person, PortFailed

NAME_MAX = 120  # characters of a file name; file systems allow 255 bytes
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


class SimulatedMailer(SimulatedPort):
    """The mailer. A message is {"order", "template", "subject", "text"}, rendered by the caller.

    Declined: erased (there is no such person any more), no_address, bad_address.
    """

    name = "mailer"

    def __init__(self, desk: Desk, behavior: MailerBehavior, folder: Path | None) -> None:
        super().__init__(desk, behavior)
        self._sender = mailbox(behavior.sender_name, behavior.sender)
        self._domain = behavior.sender.rpartition("@")[2]
        self._folder = folder
        self.sent: Counter[str] = Counter()  # template -> messages sent
        self.letters: list[tuple[str, str]] = []  # (order, template) of each message sent, as they went out
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def send(self, key: str, message: dict[str, Any], person: Person | None) -> Answer:
        """Send one message. The reference in the answer is its Message-ID."""
        return self.once(key, lambda now_s: self._post(key, message, person, now_s), "send", message["order"])

    def restore(self, done: Done) -> None:
        """Remember also what was sent."""
        super().restore(done)
        if done.answer.outcome == "done":
            self.sent[done.note["template"]] += 1
            self.letters.append((done.note["order"], done.note["template"]))

    def _post(self, key: str, message: dict[str, Any], person: Person | None, now_s: int) -> Done:
        """The file is written first: if the process dies before the journal has it, the same file is written again."""
        note = {"order": message["order"], "template": message["template"]}
        if person is None or not is_address(person.email):
            return Done(self.name, key, now_s, Answer("declined", detail=_reason(person)), note=note)
        id = message_id(key, self._domain)
        if self._folder is not None:
            to = mailbox(person.name, person.email)
            text = write_message(self._sender, to, message["subject"], message["text"], id, now_s)
            _write(f"{self._folder}/{file_name(message['order'], key)}", text)
        return Done(self.name, key, now_s, Answer("done", id), note=note)


def file_name(order: str, key: str) -> str:
    """The name of a message's file, by order and key; with a digest where letters had to be left out."""
    name = f"{order}-{key}"
    if len(name) <= NAME_MAX and not UNSAFE.search(name):
        return f"{name}.eml"
    digest = blake2b(f"{order}\0{key}".encode(), digest_size=8).hexdigest()
    return f"{UNSAFE.sub('-', name)[:NAME_MAX]}-{digest}.eml"


def _reason(person: Person | None) -> str:
    if person is None:
        return "erased"
    return "bad_address" if person.email else "no_address"


def _write(path: str, content: bytes) -> None:
    try:
        file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        try:
            written = os.write(file, content)
        finally:
            os.close(file)
    except OSError as failure:
        raise PortFailed(f"{path}: {failure}") from failure
    if written < len(content):
        raise PortFailed(f"{path}: the disk is full")
