"""A raw document, and what conditions see of it."""

from typing import Any

from segue.core.mapping.sources import Reader


class Document:
    """A JSON object, or a group of rows whose first one has the order's own columns.

    `fields` has the object or the first row; of a group all rows too, under "rows", and a join's rows under its name.
    """

    __slots__ = ("fields", "file", "numbers", "size")

    def __init__(self, fields: dict[str, Any], file: str = "", numbers: tuple[int, ...] = (1,), size: int = 1) -> None:
        self.fields = fields
        self.file = file
        self.numbers = numbers  # of each row the line of the file; of a JSON object its number in the file
        self.size = size  # how many rows were read for it, those of joined files included


class View:
    """A document or one of its lines, as conditions see it: each word is read when it is first asked for."""

    def __init__(self, source: Any, readers: dict[str, Reader], digits: int, outer: "View | None" = None) -> None:
        self._source = source
        self._readers = readers
        self._digits = digits
        self._outer = outer

    def __getattr__(self, name: str) -> Any:
        reader = self._readers.get(name)
        if reader is None:
            assert self._outer is not None, f"the loader let the unknown word {name} pass"
            return getattr(self._outer, name)
        value = self.__dict__[name] = reader(self._source, self._digits)
        return value
