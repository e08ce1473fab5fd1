"""Sources: where a field's value comes from, and what is done to it on the way. Compiled once to a function.

The steps are always taken in this order, whatever the order in the file: get the raw value, clean its text, look it up
(`values`, `lookup`), parse it. What is null, blank or not there gives the default.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from segue.core.mapping.parsing import Parser, Unreadable, text, whole
from segue.core.mapping.paths import Getter
from segue.core.mapping.results import Misread

Reader = Callable[[Any, int], Any]
"""Reads a field of a document, given how many digits its currency has; None if it is not there. Raises Misread."""

Step = Callable[[str], str]


def read_field(label: str, get: Getter, parse: Parser, default: Any = None, absent: Any = None) -> Reader:
    """The reader of one field. `default` is for what is null, blank or not there, `absent` for the last only."""
    missing = default if absent is None else absent

    def read(document: Any, digits: int) -> Any:
        raw = get(document)
        if raw is None:
            return missing
        if raw.__class__ is str and (raw == "" or raw.isspace()):
            return default
        try:
            return parse(raw, digits)
        except Unreadable as reason:
            raise Misread(label, str(reason), raw, reason.code, reason.expected) from None

    return read


def read_constant(value: Any) -> Reader:
    """The reader of what is the same in every document."""
    return lambda document, digits: value


def required(label: str, reader: Reader, code: str = "") -> Reader:
    """A reader for which it is a mistake that nothing is there; with a `code` one that does not spoil the order."""

    def read(document: Any, digits: int) -> Any:
        value = reader(document, digits)
        if value is None or value == "":
            raise Misread(label, "is missing", "", code)
        return value

    return read


def first_of(readers: Sequence[Reader]) -> Reader:
    """The first of several readers that finds something."""

    def read(document: Any, digits: int) -> Any:
        for each in readers:
            value = each(document, digits)
            if value is not None and value != "":
                return value
        return None

    return read


def or_default(reader: Reader, default: Any) -> Reader:
    """What a reader finds, or the default."""

    def read(document: Any, digits: int) -> Any:
        value = reader(document, digits)
        return default if value is None or value == "" else value

    return read


def joined(readers: Sequence[Reader], separator: str) -> Reader:
    """The texts of several readers, those that find something, put together."""

    def read(document: Any, digits: int) -> Any:
        found = [str(value) for each in readers if (value := each(document, digits)) not in (None, "")]
        return separator.join(found) or None

    return read


def joined_list(label: str, get_list: Getter, separator: str) -> Reader:
    """The texts of a list, put together."""

    def read(document: Any, digits: int) -> Any:
        try:
            return separator.join(text(raw) for raw in get_list(document) or () if raw is not None) or None
        except Unreadable as reason:
            raise Misread(label, str(reason), get_list(document)) from None

    return read


def only_with(getter: Getter, reader: Reader) -> Reader:
    """A reader of what counts only in documents that have another field or column."""
    return lambda document, digits: None if getter(document) is None else reader(document, digits)


def summed(label: str, get_list: Getter, parse: Parser) -> Reader:
    """The sum of a list of amounts; None if there is no list, 0 if it is empty. Nulls in it count as nothing."""

    def read(document: Any, digits: int) -> Any:
        found = get_list(document)
        if found is None:
            return None
        try:
            return sum(parse(raw, digits) for raw in found if raw is not None and raw != "")
        except Unreadable as reason:
            raise Misread(label, str(reason), found, reason.code, reason.expected) from None

    return read


def counted(get_list: Getter) -> Reader:
    """How many elements a list has; 0 if there is none."""
    return lambda document, digits: len(get_list(document) or ())


def present(get: Getter) -> Reader:
    """Whether a document has the field or column at all, be it blank."""
    return lambda document, digits: get(document) is not None


def less(reader: Reader, others: Sequence[Reader]) -> Reader:
    """An amount less other amounts; those that are not there take nothing away."""

    def read(document: Any, digits: int) -> Any:
        amount = reader(document, digits)
        return None if amount is None else amount - sum(each(document, digits) or 0 for each in others)

    return read


def cleaned(steps: Sequence[Step], parse: Parser) -> Parser:
    """A parser that cleans the text first."""

    def parse_cleaned(raw: Any, digits: int) -> Any:
        return parse(reduce(lambda found, step: step(found), steps, text(raw)), digits)

    return parse_cleaned


def looked_up(table: Mapping[str, Any], parse: Parser, default: Any, has_default: bool) -> Parser:
    """A parser that takes the value for this text from a table; what is not in it is a mistake, or the default."""

    def parse_looked_up(raw: Any, digits: int) -> Any:
        value = table.get(text(raw))
        if value is None:
            if has_default:
                return default
            raise Unreadable("is not in the table, and the mapping has no default for it")
        return None if value == "" else parse(value, digits)

    return parse_looked_up


def strip_characters(characters: str) -> Step:
    """Take these characters off the front: the apostrophe that keeps a spreadsheet from eating zeros."""
    return lambda found: found.lstrip(characters)


def pad(width: int) -> Step:
    """Give back the zeros that a number has lost at its front."""
    return lambda found: found.zfill(width) if found else found


def as_whole_number(found: str) -> str:
    """Take away what a spreadsheet has added: 17850.0 is 17850."""
    return str(whole(found)) if found else found


def slug(found: str) -> str:
    """A name as an identifier: letters and digits of any script, in lower case, with - between them."""
    return re.sub(r"[\W_]+", "-", found.casefold()).strip("-")


def prefixed(start: str, parse: Parser) -> Parser:
    """A parser of texts that puts a text in front of what it finds."""

    def parse_prefixed(raw: Any, digits: int) -> Any:
        found = parse(raw, digits)
        return f"{start}{found}" if found else found

    return parse_prefixed
