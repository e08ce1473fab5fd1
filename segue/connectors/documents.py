"""Documents: a channel's files, plain or packed (.gz), read as a stream into raw documents with their places.

Whatever cannot be read is handed on as a reject, with the row at which it stands, and the reading goes on behind it.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from segue.connectors.rows import LINE_BYTES_MAX, open_bytes
from segue.connectors.tables import grouped_documents, joined_documents
from segue.core.mapping import Document, Layout, Reject

JSON_BYTES_MAX = 200_000_000  # a JSON file is read as a whole; larger ones come as NDJSON

Read = Document | Reject


def read_documents(layout: Layout, paths: Sequence[Path]) -> Iterator[Read]:
    """The documents of some files, in the order in which they are complete. Joined files are looked for in a folder."""
    if layout.format == "csv":
        yield from (joined_documents if layout.joins else grouped_documents)(layout, paths)
        return
    read_file = _json_file if layout.format == "json" else _ndjson_file
    for path in paths:
        yield from read_file(layout, path)


def document_of(layout: Layout, body: bytes, file: str = "") -> Iterator[Read]:
    """The documents of one JSON text, as a webhook brings it."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        yield Reject(file, 1, "", "", f"is not JSON: {error}")
        return
    for number, fields in enumerate(_unwrapped(layout, found), 1):
        yield Document(fields, file, (number,))


def _json_file(layout: Layout, path: Path) -> Iterator[Read]:
    try:
        with open_bytes(path) as stream:
            body = stream.read(JSON_BYTES_MAX + 1)
    except (OSError, EOFError, zlib.error) as error:
        yield Reject(path.name, 1, "", "", f"the file cannot be read: {error}")
        return
    if len(body) > JSON_BYTES_MAX:
        yield Reject(path.name, 1, "", "", f"the file has more than {JSON_BYTES_MAX} bytes: send it as NDJSON")
        return
    yield from document_of(layout, body, path.name)


def _unwrapped(layout: Layout, found: Any) -> Iterable[Any]:
    """The orders of a body: a list of them, one of them, or either within a field such as `orders`."""
    if isinstance(found, list):
        return [inner for element in found for inner in _unwrapped(layout, element)]
    if isinstance(found, dict):
        for name in layout.records:
            if isinstance(found.get(name), list | dict):
                return _unwrapped(layout, found[name])
    return [found]


def _ndjson_file(layout: Layout, path: Path) -> Iterator[Read]:
    number = 0
    try:
        with open_bytes(path) as stream:
            while line := stream.readline(LINE_BYTES_MAX + 1):
                number += 1
                if line.strip():
                    yield from _ndjson_line(layout, line, path.name, number)
    except (OSError, EOFError, zlib.error) as error:
        yield Reject(path.name, number + 1, "", "", f"the file cannot be read further: {error}")


def _ndjson_line(layout: Layout, line: bytes, file: str, number: int) -> Iterator[Read]:
    if len(line) > LINE_BYTES_MAX:
        yield Reject(file, number, "", "", f"the line has more than {LINE_BYTES_MAX} bytes")
        return
    for found in document_of(layout, line, file):
        if isinstance(found, Reject):
            yield replace(found, row=number)
        else:
            yield Document(found.fields, file, (number,))
