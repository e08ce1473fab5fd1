"""Tables: rows of CSV files become documents: grouped by a column, or joined from several files by a key."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path

from segue.connectors.rows import Row, read_rows
from segue.core.mapping import Document, Join, Layout, Reject

GAP_ROWS_MAX = 20_000  # rows of others that may lie between two rows of one document
JOINED_ROWS_MAX = 5_000_000  # rows of all joined files together; they are held in memory

Cells = dict[str, str]


def grouped_documents(layout: Layout, paths: Sequence[Path]) -> Iterator[Document | Reject]:
    """Documents of rows with the same value in a column. They need not stand together, nor in one file.

    A document is given out when none of its rows has come for GAP_ROWS_MAX rows, or at the end. A row that comes later
    still is rejected: its order is gone already, and must not be taken in twice.
    """
    open_groups: OrderedDict[str, tuple[int, list[Row]]] = OrderedDict()
    closed: set[str] = set()
    count = 0
    for path in paths:
        for row in read_rows(layout, path, layout.group_by):
            if isinstance(row, Reject):
                yield row
                continue
            count += 1
            key = row.cells[layout.group_by].strip()
            if not key or key in closed:
                yield _homeless(row, key, layout.group_by)
                continue
            rows = open_groups.pop(key, (0, []))[1]
            rows.append(row)
            open_groups[key] = (count, rows)
            while count - next(iter(open_groups.values()))[0] > GAP_ROWS_MAX:
                finished, (_, complete) = open_groups.popitem(last=False)
                closed.add(finished)
                yield _group(complete)
    for _, rows in open_groups.values():
        yield _group(rows)


def _homeless(row: Row, key: str, column: str) -> Reject:
    late = f"comes more than {GAP_ROWS_MAX} rows after the others of its document"
    return Reject(row.file, row.number, key, column, late if key else "is missing")


def _group(rows: list[Row]) -> Document:
    cells = [row.cells for row in rows]
    fields = {**cells[0], "rows": cells}
    return Document(fields, rows[0].file, tuple(row.number for row in rows), len(rows))


def joined_documents(layout: Layout, paths: Sequence[Path]) -> Iterator[Document | Reject]:
    """Documents of one row of the main file each, with the rows of the other files that have the same key."""
    for folder in paths:
        yield from _joined(layout, folder if folder.is_dir() else folder.parent)


def _joined(layout: Layout, folder: Path) -> Iterator[Document | Reject]:
    others = [join for join in layout.joins if join.name != "main"]
    tables: dict[str, dict[str, list[Row]]] = {}
    for join in others:
        tables[join.name] = {}
        for row in _file_of(layout, join, folder):
            if isinstance(row, Reject):
                yield row
            else:
                tables[join.name].setdefault(row.cells[join.key].strip(), []).append(row)
    main = next(join for join in layout.joins if join.name == "main")
    for row in _file_of(layout, main, folder):
        yield row if isinstance(row, Reject) else _with_joined(row, row.cells[main.key].strip(), tables)
    for join in others:
        for key, rows in tables[join.name].items():
            for row in rows:
                yield Reject(row.file, row.number, key, join.key, f"is in no row of {main.file}", key)


def _file_of(layout: Layout, join: Join, folder: Path) -> Iterator[Row | Reject]:
    plain = folder / join.file
    path = plain if plain.exists() else folder / f"{join.file}.gz"
    for count, row in enumerate(read_rows(layout, path, join.key), 1):
        if count > JOINED_ROWS_MAX and join.name != "main":
            yield Reject(path.name, count, "", "", f"the file has more than {JOINED_ROWS_MAX} rows to join")
            return
        yield row


def _with_joined(row: Row, key: str, tables: dict[str, dict[str, list[Row]]]) -> Document:
    joined = {name: table.pop(key, []) for name, table in tables.items()}
    fields: dict[str, object] = {**row.cells, **{name: [each.cells for each in rows] for name, rows in joined.items()}}
    return Document(fields, row.file, (row.number,), 1 + sum(map(len, joined.values())))
