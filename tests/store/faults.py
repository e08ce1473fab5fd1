"""Faults: for each invariant, small changes made directly in the database of a healthy shop, which its check must find.

The orders are those of `healthy.py`. `refused` says that an intact database does not even take it: a CHECK, a UNIQUE or a
trigger stands before the audit.
"""

from typing import NamedTuple

from tests.store.healthy import (
    ADJUSTED,
    ASKING,
    COUPON,
    DELIVERED,
    GIFTED,
    HELD,
    REFUNDED,
    RELEASED,
    SHIPPED,
    TIMED,
    UNKNOWN,
    WAITING,
)  # fmt: skip


class Fault(NamedTuple):
    """A change that breaks an invariant."""

    id: str
    change: str
    refused: bool = False


def _at(number: int) -> str:
    return f"order_id = 'canonical-{number}'"


def _set(number: int, **changes: str) -> str:
    """The order's value with other JSON at these paths; `__` stands for a dot."""
    what = ", ".join(f"'$.{path.replace('__', '.')}', json('{json}')" for path, json in changes.items())
    return f"UPDATE orders SET value = json_set(value, {what}) WHERE id = 'canonical-{number}'"


def _tally(number: int, json: str, line: int = 0) -> str:
    what = f"'$.lines[{line}].tally', json('{json}')"
    return f"UPDATE orders SET value = json_set(value, {what}) WHERE id = 'canonical-{number}'"


def _taxes(number: int, json: str, line: int) -> str:
    what = f"'$.lines[{line}].taxes', json('{json}')"
    return f"UPDATE orders SET value = json_set(value, {what}) WHERE id = 'canonical-{number}'"


def _line(number: int, field: str, value: int) -> str:
    return f"UPDATE orders SET value = json_set(value, '$.lines[0].{field}', {value}) WHERE id = 'canonical-{number}'"


def _column(number: int, change: str) -> str:
    return f"UPDATE orders SET {change} WHERE id = 'canonical-{number}'"


def _entry(number: int, version: int, debit: str, credit: str, amount: int) -> str:
    return f"INSERT INTO ledger VALUES ('canonical-{number}', {version}, 90, '{debit}', '{credit}', {amount}, 'EUR', 0)"


def _move(number: int, sku: str, on_hand: int, allocated: int, reason: str, place: str = "BER") -> str:
    return (
        "INSERT INTO stock_moves VALUES "
        f"('canonical-{number}', 2, 90, '{sku}', '{place}', {on_hand}, {allocated}, '{reason}', 0, 0, 0, 0, 0, '', '')"
    )


def _transfer(change: str) -> str:
    return f"UPDATE supplies SET {change} WHERE reference = 'T-1'"


def _step(number: int, version: int, before: int, actor: str = "x") -> str:
    return (
        "INSERT INTO steps (number, order_id, version, version_before, at_s, actor, record) "
        f"SELECT max(number) + 1, 'canonical-{number}', {version}, {before}, max(at_s), '{actor}', '[]' FROM steps"
    )


def _task(number: int, id: str, kind: str, payload: str, version: int = 5) -> str:
    return (
        "INSERT INTO tasks (number, id, order_id, version, kind, provider, payload, due_at_s, attempt, failures, state, "
        f"detail) SELECT max(number) + 1, '{id}', 'canonical-{number}', {version}, '{kind}', 'x', '{payload}', 0, 0, 0, "
        "'done', '' FROM tasks"
    )


ONE_MORE = '{"kind":"capture","tender":"P1","amount_minor":1,"outcome":"done","units":{"1":[[1,2]]}}'
NO_TASK = '{"kind":"authorize","tender":"P1","amount_minor":2000}'
SPARE = '{"kind":"authorize","tender":"P1","amount_minor":2000,"outcome":"done","spare":true}'
REFUND = '{"kind":"refund","tender":"P1","amount_minor":2001,"outcome":"done","reference_of":"C1"}'
OTHERS = '{"kind":"refund","tender":"P1","amount_minor":1,"outcome":"done","reference_of":"C9"}'
HOLD = '{"service":{"type":"service"}}'
TIMER = '{"t":{"due_at_s":1,"reaction":"x"}}'
PARCEL = '{"fulfillment":"F1","units":{"1":[[1,2]]},"shipped_at_s":0}'
AGAIN = '{"location":"MUC","units":{"1":[[1,2]]}}'

MONEY = (
    Fault("I01", f"UPDATE ledger SET amount_minor = -2000 WHERE {_at(DELIVERED)} AND credit = 'sales'", True),
    Fault("I01", f"UPDATE ledger SET credit = debit WHERE {_at(DELIVERED)} AND credit = 'sales'", True),
    Fault("I01", _entry(DELIVERED, 7, "sales", "customer", 5)),
    Fault("I01", _entry(77, 1, "sales", "customer", 5)),
    Fault("I02", f"DELETE FROM ledger WHERE {_at(DELIVERED)} AND debit = 'cash:gateway'", True),
    Fault("I02", f"UPDATE ledger SET amount_minor = 1999 WHERE {_at(DELIVERED)} AND debit = 'cash:gateway'", True),
    Fault("I02", _set(DELIVERED, tenders__P1__tally='{"captured":1000,"refunded":1000}')),
    Fault("I02", _set(DELIVERED, tenders__P1__tally='{"captured":1000,"charged_back":1000}')),
    Fault("I02", _entry(DELIVERED, 23, "chargebacks", "cash:gateway", 5)),
    Fault("I02", _entry(DELIVERED, 23, "chargebacks", "twice:gateway", 5)),
    Fault("I02", _set(DELIVERED, chargebacks='{"D-1":{"tender":"P1","amount_minor":0,"beyond_minor":5}}')),
    Fault("I02", _set(RELEASED, tenders__P1__tally='{"authorized":2248}')),
    Fault("I04", f"DELETE FROM ledger WHERE {_at(DELIVERED)} AND debit = 'authorized:P1'", True),
    Fault("I04", f"UPDATE ledger SET amount_minor = 2001 WHERE {_at(DELIVERED)} AND credit = 'authorized:P1'", True),
    Fault("I04", f"UPDATE ledger SET version = 21 WHERE {_at(DELIVERED)} AND debit = 'authorized:P1'", True),
    Fault("I04", _set(DELIVERED, tenders__P1__tally__captured="2001")),
    Fault("I04", _set(DELIVERED, transactions__C1__reference_of='"A9"')),
    Fault("I04", _set(DELIVERED, transactions__A1__lapsed_minor="1")),
    Fault("I04", _set(DELIVERED, transactions__A1__expires_at_s="1")),
    Fault("I04", _set(RELEASED, transactions__A1__spare="true")),
    Fault("I05", _entry(DELIVERED, 24, "customer", "cash:gateway", 2001)),
    Fault("I05", _entry(DELIVERED, 5, "customer", "cash:gateway", 5)),
    Fault("I05", _set(DELIVERED, tenders__P1__tally__refunded="-1")),
    Fault("I05", _set(DELIVERED, transactions__R1=REFUND)),
    Fault("I06", _line(DELIVERED, "paid_minor", 1999)),
    Fault("I06", _set(DELIVERED, shipping_minor="1")),
    Fault("I06", _set(DELIVERED, charges='[{"code":"wrap","amount_minor":3}]')),
    Fault("I06", _column(DELIVERED, "total_minor = 1")),
    Fault("I06", _taxes(REFUNDED, '[{"name":"VAT","amount_minor":32}]', line=1)),
    Fault("I06", _set(REFUNDED, taxes_included="true")),
    Fault("I07", _line(REFUNDED, "discount_minor", 126)),
    Fault("I07", _line(REFUNDED, "discount_minor", 128)),
    Fault("I07", _line(REFUNDED, "tax_minor", 1)),
    Fault("I08", f"UPDATE ledger SET amount_minor = 999 WHERE {_at(REFUNDED)} AND amount_minor = 1000", True),
    Fault("I08", f"DELETE FROM ledger WHERE {_at(SHIPPED)} AND credit = 'sales'", True),
    Fault("I08", _entry(RELEASED, 13, "customer", "sales", 1)),
    Fault("I09", _tally(REFUNDED, '{"delivered":[[1,3]]}')),
    Fault("I09", _set(REFUNDED, transactions__C1__units='{"1":[[1,4]]}')),
    Fault("I09", _set(REFUNDED, transactions__R3=OTHERS)),
    Fault("I09", _set(GIFTED, withheld_minor="901")),
    Fault("I09", _set(GIFTED, withheld_minor="-1")),
    Fault("I09", _set(GIFTED, fees_minor="1801")),
    Fault("I10", _set(GIFTED, withheld_minor="0", fees_minor="1")),
    Fault("I09", _set(ADJUSTED, adjustments="[{\"line\":1,\"units\":[[1,2]],\"amount_minor\":1801}]")),
    Fault("I09", _set(ADJUSTED, goodwill_minor="0")),
    Fault("I10", _set(ADJUSTED, goodwill_minor="199")),
    Fault("I10", _set(ADJUSTED, adjustments="[{\"line\":1,\"units\":[[1,2]],\"amount_minor\":300}]")),
    Fault("I10", _set(GIFTED, withheld_minor="899")),
    Fault("I10", _set(GIFTED, shipping_back_minor="1")),
    Fault("I10", f"DELETE FROM ledger WHERE {_at(GIFTED)} AND credit = 'reclaimed'", True),
    Fault("I10", f"DELETE FROM ledger WHERE {_at(ADJUSTED)} AND debit = 'goodwill'", True),
    Fault("I10", f"DELETE FROM ledger WHERE {_at(ADJUSTED)} AND debit = 'adjustments'", True),
    Fault("I10", f"DELETE FROM ledger WHERE {_at(DELIVERED)} AND credit = 'sales'", True),
    Fault("I10", _entry(DELIVERED, 24, "sales", "customer", 5)),
    Fault("I10", _tally(DELIVERED, '{"delivered":[[1,1]],"canceled":[[2,2]]}')),
    Fault("I11", f"UPDATE ledger SET currency = 'USD' WHERE {_at(DELIVERED)} AND credit = 'sales'", True),
    Fault("I11", _column(DELIVERED, "currency = 'USD'")),
    Fault("I11", f"UPDATE tasks SET payload = json_set(payload, '$.currency', 'USD') WHERE {_at(DELIVERED)}"),
    Fault("I13", _tally(SHIPPED, '{"released":[[1,2]]}')),
    Fault("I13", _set(SHIPPED, transactions__C2=ONE_MORE)),
)  # fmt: skip
COUPONS = (
    Fault("I48", "UPDATE coupons SET used = 2", True),
    Fault("I48", "UPDATE coupons SET used = 6", True),
    Fault("I48", "UPDATE coupons SET most = 0", True),
    Fault("I48", "DELETE FROM coupons"),
    Fault("I48", "DELETE FROM coupon_uses WHERE key = 'SPRING'"),
    Fault("I48", _set(COUPON, coupons="{}")),
    Fault("I48", _tally(COUPON, '{"canceled":[[1,1]]}')),
    Fault("I48", "INSERT INTO coupon_uses VALUES ('SPRING', 'canonical-77')"),
)
STOCK = (
    Fault("I14", "UPDATE stock SET on_hand = on_hand + 1"),
    Fault("I14", f"DELETE FROM stock_moves WHERE {_at(DELIVERED)} AND reason = 'shipped'", True),
    Fault("I14", "DELETE FROM stock WHERE sku = 'TEA'"),
    Fault("I14", "UPDATE stock SET damaged = 1 WHERE sku = 'TEA'"),
    Fault("I14", "UPDATE stock SET quarantined = 1 WHERE sku = 'TEA'"),
    Fault("I14", "UPDATE stock SET reserved = 1 WHERE sku = 'TEA'"),
    Fault("I14", "UPDATE stock SET in_transit = 1 WHERE sku = 'TEA'"),
    Fault("I15", "UPDATE stock SET allocated = allocated + 1 WHERE sku = 'TEA'"),
    Fault("I15", f"DELETE FROM stock_moves WHERE {_at(RELEASED)}", True),
    Fault("I16", "UPDATE stock SET safety = 19 WHERE sku = 'TEA'", True),
    Fault("I16", "UPDATE stock SET allocated = -1", True),
    Fault("I16", "UPDATE stock SET on_hand = -1", True),
    Fault("I16", "UPDATE stock SET damaged = 99", True),
    Fault("I16", "UPDATE stock SET reserved = 99", True),
    Fault("I17", _tally(RELEASED, '{"canceled":[[1,2]]}')),
    Fault("I17", _set(RELEASED, fulfillments__F1__location='"BER"')),
    Fault("I17", _move(DELIVERED, "MUG", 0, 1, "allocated")),
    Fault("I17", _column(RELEASED, "open = 0")),
    Fault("I17", _move(77, "MUG", 0, 0, "allocated")),
    Fault("I18", _set(RELEASED, fulfillments__F2=AGAIN)),
    Fault("I18", _set(RELEASED, fulfillments="{}")),
    Fault("I18", _set(RELEASED, fulfillments__F1__units='{"1":[[1,1]]}')),
    Fault("I19", f"DELETE FROM stock_moves WHERE {_at(DELIVERED)} AND reason = 'shipped'", True),
    Fault("I19", _move(DELIVERED, "MUG", -1, 0, "shipped")),
    Fault("I19", _set(DELIVERED, shipments="{}")),
    Fault("I19", _set(DELIVERED, fulfillments__F1__location='"MUC"')),
    Fault("I20", _move(REFUNDED, "TEA", 1, 0, "returned")),
    Fault("I20", _move(DELIVERED, "MUG", 1, 0, "returned")),
    Fault("I20", f"UPDATE stock_moves SET location = 'MUC' WHERE {_at(REFUNDED)} AND reason = 'returned'", True),
    Fault("I20", f"DELETE FROM stock_moves WHERE {_at(REFUNDED)} AND reason = 'returned'", True),
    Fault("I22", "INSERT INTO supplies VALUES ('PO-1', 'TEA', 'MUC', 0, '', 5)"),
    Fault("I22", "INSERT INTO supply_moves VALUES (99, 'PO-1', 'TEA', 'MUC', 0, '', 5, 'ordered', 'x', 0)"),
    Fault("I22", "UPDATE stock SET in_transit = 1 WHERE sku = 'TEA'"),
    Fault("I22", _transfer("units = 4")),
    Fault("I22", _transfer("location = 'BER', origin = 'MUC'")),
    Fault("I22", _transfer("units = -1"), True),
    Fault("I22", "UPDATE supply_moves SET units = 4", True),
)  # fmt: skip
FLOW = (
    Fault("I23", _tally(DELIVERED, '{"delivered":[[1,1]]}')),
    Fault("I23", _tally(DELIVERED, '{"delivered":[[1,2]],"shipped":[[2,2]]}')),
    Fault("I23", _tally(DELIVERED, '{"delivered":[[1,3]]}')),
    Fault("I23", _tally(DELIVERED, '{"gone":[[1,2]]}')),
    Fault("I23", _tally(DELIVERED, "{}")),
    Fault("I24", _set(DELIVERED, workflow='"standard@0"')),
    Fault("I24", "DELETE FROM workflows"),
    Fault("I24", _column(SHIPPED, "workflow = 'other@1'")),
    Fault("I25", f"DELETE FROM steps WHERE {_at(DELIVERED)} AND version = 19", True),
    Fault("I25", f"DELETE FROM steps WHERE {_at(DELIVERED)} AND version = 24", True),
    Fault("I25", f"UPDATE steps SET version_before = 18 WHERE {_at(DELIVERED)} AND version = 20", True),
    Fault("I25", _step(DELIVERED, 6, 5)),
    Fault("I25", _step(77, 1, 0)),
    Fault("I25", _column(DELIVERED, "version = 25")),
    Fault("I25", f"UPDATE steps SET version = 25 WHERE {_at(DELIVERED)} AND version = 24", True),
    Fault("I26", _column(RELEASED, "open = 0")),
    Fault("I26", _column(DELIVERED, "open = 1")),
    Fault("I26", _tally(DELIVERED, '{"shipped":[[1,2]]}')),
    Fault("I26", _set(DELIVERED, transactions__A9=SPARE)),
    Fault("I26", _set(DELIVERED, holds=HOLD)),
    Fault("I26", _column(DELIVERED, "status = 'canceled'")),
    Fault("I27", f"UPDATE tasks SET state = 'done' WHERE {_at(ASKING)}; {_column(ASKING, 'wake_at_s = NULL')}"),
    Fault("I27", _column(TIMED, "wake_at_s = NULL")),
    Fault("I27", f"DELETE FROM folders WHERE {_at(HELD)}"),
    Fault("I27", f"INSERT INTO folders VALUES ('late', 'canonical-{DELIVERED}', 0)"),
    Fault("I28", _set(DELIVERED, timers=TIMER)),
    Fault("I28", _column(TIMED, "wake_at_s = wake_at_s + 1")),
    Fault("I28", _column(TIMED, "wake_at_s = NULL")),
    Fault("I28", _column(SHIPPED, "wake_at_s = (SELECT max(at_s) - 61 FROM steps)")),
    Fault("I30", _set(DELIVERED, shipments__S2=PARCEL)),
    Fault("I30", _tally(DELIVERED, '{"delivered":[[1,1]],"canceled":[[2,2]]}')),
    Fault("I30", _set(RELEASED, shipments__S2='{"fulfillment":"F1","units":{"2":[[1,2]]},"shipped_at_s":0}')),
    Fault("I30", _set(SHIPPED, shipments="{}")),
    Fault("I37", f"UPDATE steps SET actor = '' WHERE {_at(DELIVERED)} AND version = 19", True),
    Fault("I37", f"UPDATE steps SET actor = ' ' WHERE {_at(WAITING)} AND version_before = 0", True),
    Fault("I40", _set(DELIVERED, lines="7")),
    Fault("I40", _column(DELIVERED, "value = substr(value, 1, 99)")),
)  # fmt: skip
EFFECTS = (
    Fault("I31", f"DELETE FROM tasks WHERE {_at(DELIVERED)} AND kind = 'capture'"),
    Fault("I31", f"UPDATE tasks SET payload = json_set(payload, '$.amount_minor', 1) WHERE {_at(DELIVERED)}"),
    Fault("I31", _task(DELIVERED, "T", "mail", "{}", version=7)),
    Fault("I31", _task(DELIVERED, "T", "void", '{"transaction":"V1","amount_minor":1,"currency":"EUR"}')),
    Fault("I31", _task(77, "T", "mail", "{}")),
    Fault("I31", "UPDATE tasks SET id = 'T' WHERE kind = 'authorize' AND state = 'done'"),
    Fault("I31", _set(DELIVERED, transactions__A2=NO_TASK)),
    Fault("I32", f"UPDATE tasks SET state = 'done' WHERE {_at(ASKING)}"),
    Fault("I32", f"DELETE FROM folders WHERE {_at(UNKNOWN)}"),
    Fault("I33", "UPDATE inbox SET body = '' WHERE state = 'new'"),
    Fault("I33", "UPDATE inbox SET state = 'parked' WHERE state = 'new'"),
    Fault("I33", "UPDATE inbox SET state = 'refused' WHERE state = 'new'"),
    Fault("I33", "INSERT INTO inbox SELECT * FROM inbox WHERE state = 'new'", True),
    Fault("I35", _task(DELIVERED, "T", "mail", "{}") + ";" + _task(DELIVERED, "U", "mail", "{}")),
    Fault("I35", f"UPDATE tasks SET kind = 'mail', payload = '{{}}' WHERE {_at(DELIVERED)} AND version = 19"),
)  # fmt: skip
LAST = "(SELECT max(number) FROM documents WHERE kind = 'invoice')"
OTHER_PARTS = "json_set(content, '$.lines[0].amount_minor', 1999)"
OTHER_TOTAL = "json_set(content, '$.total_minor', 1999, '$.lines[0].amount_minor', 1999)"
OTHER_TAX = """json_set(content, '$.taxes', json('[{"name":"VAT","amount_minor":5}]'))"""
OTHER_FEE = """json_set(content, '$.others', json('[{"what":"fees","amount_minor":5}]'))"""
OTHER_NAME = "json_set(content, '$.taxes[0].name', 'GST')"
DOCUMENTS = (
    Fault("I43", f"DELETE FROM documents WHERE {_at(REFUNDED)} AND name = 'I2'", True),
    Fault("I43", f"UPDATE documents SET number = number + 1 WHERE kind = 'invoice' AND number = {LAST}", True),
    Fault("I43", "UPDATE documents SET series = '1999' WHERE kind = 'credit_memo' AND number = 1", True),
    Fault("I43", "UPDATE document_numbers SET last = last + 1"),
    Fault("I43", "DELETE FROM document_numbers WHERE kind = 'invoice'", True),
    Fault("I43", "INSERT INTO document_numbers VALUES ('invoice', '1999', 1)"),
    Fault("I44", _set(DELIVERED, documents="{}")),
    Fault("I44", _set(REFUNDED, documents__M1__of='"R2"')),
    Fault("I44", _set(REFUNDED, documents__I1__of='"S9"')),
    Fault("I44", _set(REFUNDED, uncredited='["R1"]')),
    Fault("I44", "INSERT INTO documents SELECT 'canonical-77', name, version, kind, '1999', number, total_minor, "
        f"currency, at_s, content FROM documents WHERE {_at(DELIVERED)}"),
    Fault("I45", f"UPDATE documents SET total_minor = 1999 WHERE {_at(DELIVERED)}", True),
    Fault("I45", f"UPDATE documents SET content = {OTHER_PARTS} WHERE {_at(DELIVERED)}", True),
    Fault("I45", f"UPDATE documents SET content = {OTHER_TOTAL} WHERE {_at(DELIVERED)}", True),
    Fault("I45", f"DELETE FROM documents WHERE {_at(DELIVERED)}", True),
    Fault("I45", f"UPDATE documents SET name = 'I2' WHERE {_at(DELIVERED)}", True),
    Fault("I45", f"UPDATE documents SET content = {OTHER_TAX} WHERE {_at(DELIVERED)}", True),
    Fault("I45", f"UPDATE documents SET content = {OTHER_FEE} WHERE {_at(DELIVERED)}", True),
    Fault("I46", _set(DELIVERED, documents__I1__total_minor="2001")),
    Fault("I46", _set(REFUNDED, documents__M1__total_minor="902")),
    Fault("I46", _set(SHIPPED, documents__I1__total_minor="1")),
    Fault("I47", _entry(DELIVERED, 24, "bank", "settled:gateway", 5)),
    Fault("I47", _set(DELIVERED, settlements__C1='{"line":"L1","amount_minor":2000}')),
    Fault("I47", _set(DELIVERED, settlements__C9='{"line":"L1","amount_minor":0}')),
    Fault("I48", _entry(DELIVERED, 24, "sales", "tax:VAT", 5)),
    Fault("I48", _entry(REFUNDED, 24, "tax", "tax:VAT", 5)),
    Fault("I48", f"UPDATE documents SET content = {OTHER_NAME} WHERE {_at(REFUNDED)}", True),
)  # fmt: skip
FAULTS = (*MONEY, *COUPONS, *STOCK, *FLOW, *EFFECTS, *DOCUMENTS)
