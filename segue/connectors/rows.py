"""Rows: the lines of a channel's CSV files, one dict each, with the place where it stands. Memory stays flat."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from segue.core.mapping import Layout, Reject

LINE_BYTES_MAX = 2_000_000


class Row(NamedTuple):
    """One row of a CSV file."""

    cells: dict[str, str]
    file: str
    number: int  # the line on which it begins, from 1; the header is line 1


def open_bytes(path: Path) -> IO[bytes]:
    """A file as bytes, unpacked on the way if its name ends in .gz."""
    return cast(IO[bytes], gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def read_rows(layout: Layout, path: Path, needed: str) -> Iterator[Row | Reject]:
    """The rows of a file that has a column `needed`; a row that cannot be read is a reject."""
    reader = None
    try:
        with open_bytes(path) as stream:
            reader = csv.reader(_lines(stream, layout.encodings), delimiter=layout.delimiter, strict=True)
            header = next(reader, [])
            columns = [name.strip() for name in header]
            wrong = _wrong_header(columns, needed)
            if wrong:
                yield Reject(path.name, 1, "", needed, wrong)
                return
            yield from _rows(reader, columns, path.name)
    except (OSError, EOFError, zlib.error, csv.Error, UnicodeDecodeError) as error:
        line = getattr(reader, "line_num", 0) + 1
        yield Reject(path.name, line, "", "", f"the file cannot be read further: {error}")


def _wrong_header(columns: list[str], needed: str) -> str:
    if needed not in columns:
        return f"the file has no column {needed}; it has {', '.join(columns[:12]) or 'none: it is empty'}"
    twice = sorted({name for name in columns if columns.count(name) > 1})
    return f"the file has the column {twice[0]} twice" if twice else ""


def _lines(stream: IO[bytes], encodings: tuple[str, ...]) -> Iterator[str]:
    """The lines as text, each in the first encoding that fits it."""
    is_first = True
    while line := stream.readline(LINE_BYTES_MAX + 1):
        if len(line) > LINE_BYTES_MAX:
            raise csv.Error(f"a line has more than {LINE_BYTES_MAX} bytes")
        text = _decoded(line, encodings)
        yield text.removeprefix("\ufeff") if is_first else text
        is_first = False


def _decoded(line: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings[:-1]:
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode(encodings[-1])


def _rows(reader: Any, columns: list[str], file: str) -> Iterator[Row | Reject]:
    width = len(columns)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Reject(file, number, "", "", f"is not CSV: {error}")
            continue
        if cells is None:
            return
        if len(cells) == width:
            yield Row(dict(zip(columns, cells, strict=True)), file, number)
        elif cells:
            yield Reject(file, number, "", "", f"has {len(cells)} cells, and the header has {width}")
