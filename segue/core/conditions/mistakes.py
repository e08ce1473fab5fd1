"""Mistakes in a condition: what is wrong, where, and what was probably meant."""

import ast
import difflib
from collections.abc import Iterable

SHOWN_MAX = 40  # characters of the condition repeated in a message
LISTED_MAX = 8  # names listed when none of them comes close
WORD_MAX = 60  # characters of a word that are compared with the vocabulary


class ConditionError(ValueError):
    """A condition that cannot be used; `str()` is the message with its hint.

    `line` counts from 1 and `column` from 0, in characters of the condition's own text.
    """

    def __init__(self, message: str, hint: str | None = None, line: int = 1, column: int = 0) -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message = message
        self.hint = hint
        self.line = line
        self.column = column


def mistake(node: ast.expr, message: str, hint: str | None = None) -> ConditionError:
    """The error that points at this node; `reading` has made its position one of characters."""
    return ConditionError(message, hint, node.lineno, node.col_offset)


def unknown(node: ast.expr, what: str, word: str, known: Iterable[str], mark: str = "`") -> ConditionError:
    """The error for a word that is not known: with the closest one, or else with a list of what there is."""
    known = sorted(known)
    close = closest(word, known)
    hint = f"did you mean {mark}{close}{mark}?" if close else f"known are {_listed(known)}"
    return mistake(node, f"unknown {what} {mark}{shortened(word)}{mark}", hint)


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; capital letters do not count."""
    by_lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word[:WORD_MAX].lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


def shown(node: ast.expr) -> str:
    """A part of the condition as it was written, for a message."""
    return f"`{shortened(ast.unparse(node))}`"


def shortened(text: str) -> str:
    """A text that is not too long for a message."""
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 3] + "..."


def _listed(known: list[str]) -> str:
    more = [f"and {len(known) - LISTED_MAX} more"] if len(known) > LISTED_MAX else []
    return ", ".join([shortened(each) for each in known[:LISTED_MAX]] + more) or "none"
