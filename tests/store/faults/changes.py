"""Changes that break a rule, as statements; the orders are those of `healthy.py`, by their numbers."""

from typing import NamedTuple


class Fault(NamedTuple):
    """A change that breaks an invariant."""

    id: str
    change: str
    refused: bool = False


def at(number: int) -> str:
    """Rows of this order."""
    return f"order_id = 'canonical-{number}'"


def changed(number: int, **changes: str) -> str:
    """The order's value with other JSON at these paths; `__` stands for a dot."""
    what = ", ".join(f"'$.{path.replace('__', '.')}', json('{json}')" for path, json in changes.items())
    return f"UPDATE orders SET value = json_set(value, {what}) WHERE id = 'canonical-{number}'"


def tally(number: int, json: str, line: int = 0) -> str:
    """One of its lines has its units in these states."""
    what = f"'$.lines[{line}].tally', json('{json}')"
    return f"UPDATE orders SET value = json_set(value, {what}) WHERE id = 'canonical-{number}'"


def taxes(number: int, json: str, line: int) -> str:
    """One of its lines has these taxes."""
    what = f"'$.lines[{line}].taxes', json('{json}')"
    return f"UPDATE orders SET value = json_set(value, {what}) WHERE id = 'canonical-{number}'"


def line(number: int, field: str, value: int | str) -> str:
    """Its first line has another amount, or another text in quotes."""
    return f"UPDATE orders SET value = json_set(value, '$.lines[0].{field}', {value}) WHERE id = 'canonical-{number}'"


def column(number: int, change: str) -> str:
    """A column of the order itself is changed."""
    return f"UPDATE orders SET {change} WHERE id = 'canonical-{number}'"


def entry(number: int, version: int, debit: str, credit: str, amount: int) -> str:
    """One more entry in the ledger."""
    return f"INSERT INTO ledger VALUES ('canonical-{number}', {version}, 90, '{debit}', '{credit}', {amount}, 'EUR', 0)"


def move(number: int, sku: str, on_hand: int, allocated: int, reason: str, place: str = "BER") -> str:
    """One more move of stock."""
    return (
        "INSERT INTO stock_moves VALUES "
        f"('canonical-{number}', 2, 90, '{sku}', '{place}', {on_hand}, {allocated}, '{reason}', 0, 0, 0, 0, 0, '', '')"
    )


def transfer(change: str) -> str:
    """What is expected of the transfer is changed."""
    return f"UPDATE supplies SET {change} WHERE reference = 'T-1'"


def a_step(number: int, version: int, before: int, actor: str = "x") -> str:
    """One more step."""
    return (
        "INSERT INTO steps (number, order_id, version, version_before, at_s, actor, record) "
        f"SELECT max(number) + 1, 'canonical-{number}', {version}, {before}, max(at_s), '{actor}', '[]' FROM steps"
    )


def a_task(number: int, id: str, kind: str, payload: str, version: int = 5) -> str:
    """One more task."""
    return (
        "INSERT INTO tasks (number, id, order_id, version, kind, provider, payload, due_at_s, attempt, failures, state, "
        f"detail) SELECT max(number) + 1, '{id}', 'canonical-{number}', {version}, '{kind}', 'x', '{payload}', 0, 0, 0, "
        "'done', '' FROM tasks"
    )
