"""Paths: where a value stands in a document: `customer.email`, `shipping_lines[0].title`, `tax_lines[*].price`.

A path is compiled once to a function of the document. What is not there gives None; what is there and cannot have the
rest of the path in it is a Misread.
"""

import re
from collections.abc import Callable
from typing import Any

from segue.core.mapping.results import Misread

Getter = Callable[[Any], Any]

Known = dict[str, "Known"]
"""The fields that a mapping looks at, and the fields within them; lists are passed through. `ANYTHING`: no matter which."""

ANYTHING = ""

STEP = re.compile(r"([^\[\].]+)((?:\[[0-9]{1,4}\])*)")
DEPTH_MAX = 10  # steps of one path


def column(name: str) -> Getter:
    """The value of a column, taken as it stands: columns may have points and brackets in their names."""

    def get(row: Any) -> Any:
        return row.get(name)

    return get


def path(text: str) -> Getter:
    """The value at a path. Raises ValueError for what is no path."""
    first, *rest = _steps(text)
    inner = _only(str(first))
    if not rest:
        return inner

    def get(document: Any) -> Any:
        value = inner(document)
        for step in rest:
            if value is None:
                return None
            value = _taken(value, step, text)
        return value

    return get


def gather(text: str) -> Getter:
    """All values at a path with `[*]`, as a list; None if the first list is not there at all."""
    before, _, after = text.partition("[*]")
    outer = each(before)
    if not after:
        return outer
    if not after.startswith("."):
        raise ValueError(f"`{text}` is no path: after [*] comes a point")
    is_nested = "[*]" in after
    inner = gather(after[1:]) if is_nested else path(after[1:])

    def get(document: Any) -> Any:
        elements = outer(document)
        if elements is None:
            return None
        values = [inner(element) for element in elements]
        return [value for found in values for value in found or ()] if is_nested else values

    return get


def each(text: str) -> Getter:
    """The list at a path; None if there is none. An empty object counts as an empty list, since PHP writes it so."""
    get_value = path(text)

    def get(document: Any) -> Any:
        found = get_value(document)
        if found is None or isinstance(found, list):
            return found
        if found == {}:
            return []
        raise Misread(text, "is not a list", found)

    return get


def mark(known: Known, text: str) -> Known:
    """Note that a path is looked at. Gives what is known of the fields within what stands there."""
    for part in text.split("."):
        known = known.setdefault(part.partition("[")[0], {})
    return known


def check_known(document: Any, known: Known, what: str, at: str = "") -> None:
    """Raises Misread for a field that nothing looks at: it can only be misspelt. Values of a wrong type are let pass."""
    if ANYTHING in known:
        return
    is_list = document.__class__ is list
    for number, element in enumerate(document if is_list else (document,)):
        place = f"{at}[{number}]" if is_list else at
        for name in sorted(element) if element.__class__ is dict else ():
            path = f"{place}.{name}" if place else name
            if name not in known or name == ANYTHING:
                raise Misread(path, f"is not a field that {what} may have", element[name])
            check_known(element[name], known[name], what, path)


def first_segment(text: str) -> str:
    """The field of the document that a path begins with."""
    return re.split(r"[.\[]", text, maxsplit=1)[0]


def _only(key: str) -> Getter:
    def get(document: Any) -> Any:
        if document.__class__ is not dict:
            raise Misread(key, "is looked for in what is not an object", document)
        return document.get(key)

    return get


def _taken(value: Any, step: str | int, text: str) -> Any:
    if isinstance(step, int):
        if not isinstance(value, list):
            raise Misread(text, "is looked for in what is not a list", value)
        return value[step] if step < len(value) else None
    if not isinstance(value, dict):
        raise Misread(text, "is looked for in what is not an object", value)
    return value.get(step)


def _steps(text: str) -> list[str | int]:
    steps: list[str | int] = []
    for part in text.split("."):
        found = STEP.fullmatch(part)
        if found is None:
            raise ValueError(f"`{text}` is no path: write it as in customer.email or lines[0].title")
        steps.append(found[1])
        steps.extend(int(index) for index in re.findall("[0-9]+", found[2]))
    if len(steps) > DEPTH_MAX:
        raise ValueError(f"`{text[:40]}` is too deep: a path has at most {DEPTH_MAX} steps")
    return steps
