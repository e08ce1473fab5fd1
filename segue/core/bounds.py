"""Bounds: which numbers a command may carry at all, so that every later sum, date and database can hold them.

Whoever gives it: a person, a gateway, a warehouse, a program. A channel's documents are bounded where they are read.
"""

from functools import cache

from msgspec import Struct
from msgspec.structs import fields

from segue.core.amounts import MINOR_MAX
from segue.core.base import Command, Refusal, Refused
from segue.core.moments import BETWEEN, is_possible

INSTANTS = ("_at_s", "until_s", "before_s")  # so end the names of instants; seconds since 1970
Bounded = tuple[tuple[str, object, bool], ...]  # the name of a number, its default, whether it is an instant


def refuse_out_of_bounds(command: Command) -> None:
    """Refused with INSTANT_IMPOSSIBLE or NUMBER_TOO_BIG if a number of the command is beyond what can be meant."""
    _refuse(command)
    draft = getattr(command, "draft", None)
    if draft is not None:
        _refuse(draft)


def _refuse(value: Struct) -> None:
    for name, default, is_instant in _bounded(type(value)):
        number = getattr(value, name)
        if number == default:  # which often means that nothing is said
            continue
        if is_instant and not is_possible(number):
            raise Refused(Refusal.INSTANT_IMPOSSIBLE, f"{name} is {number}{_advice(number)}")
        if abs(number) >= MINOR_MAX:
            raise Refused(Refusal.NUMBER_TOO_BIG, f"{name} is {number}")


@cache
def _bounded(kind: type[Struct]) -> Bounded:
    numbers = [each for each in fields(kind) if each.type in (int, int | None)]
    return tuple([(each.name, each.default, each.name.endswith(INSTANTS)) for each in numbers])


def _advice(number: int) -> str:
    hint = ", and this looks like milliseconds" if is_possible(number // 1_000) else ""
    return f"; in seconds it is between {BETWEEN}{hint}"
