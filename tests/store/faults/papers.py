"""Faults in documents, their numbers, and settlements."""

from tests.store.faults.changes import Fault, at, changed, entry
from tests.store.healthy import DELIVERED, REFUNDED, SHIPPED

LAST = "(SELECT max(number) FROM documents WHERE kind = 'invoice')"
OTHER_PARTS = "json_set(content, '$.lines[0].amount_minor', 1999)"
OTHER_TOTAL = "json_set(content, '$.total_minor', 1999, '$.lines[0].amount_minor', 1999)"
OTHER_TAX = """json_set(content, '$.taxes', json('[{"name":"VAT","amount_minor":5}]'))"""
OTHER_FEE = """json_set(content, '$.others', json('[{"what":"fees","amount_minor":5}]'))"""
OTHER_NAME = "json_set(content, '$.taxes[0].name', 'GST')"
DOCUMENTS = (
    Fault("I43", f"DELETE FROM documents WHERE {at(REFUNDED)} AND name = 'I2'", True),
    Fault("I43", f"UPDATE documents SET number = number + 1 WHERE kind = 'invoice' AND number = {LAST}", True),
    Fault("I43", "UPDATE documents SET series = '1999' WHERE kind = 'credit_memo' AND number = 1", True),
    Fault("I43", "UPDATE document_numbers SET last = last + 1"),
    Fault("I43", "DELETE FROM document_numbers WHERE kind = 'invoice'", True),
    Fault("I43", "INSERT INTO document_numbers VALUES ('invoice', '1999', 1)"),
    Fault("I44", changed(DELIVERED, documents="{}")),
    Fault("I44", changed(REFUNDED, documents__M1__of='"R2"')),
    Fault("I44", changed(REFUNDED, documents__I1__of='"S9"')),
    Fault("I44", changed(REFUNDED, uncredited='["R1"]')),
    Fault("I44", "INSERT INTO documents SELECT 'canonical-77', name, version, kind, '1999', number, total_minor, "
        f"currency, at_s, content FROM documents WHERE {at(DELIVERED)}"),
    Fault("I45", f"UPDATE documents SET total_minor = 1999 WHERE {at(DELIVERED)}", True),
    Fault("I45", f"UPDATE documents SET content = {OTHER_PARTS} WHERE {at(DELIVERED)}", True),
    Fault("I45", f"UPDATE documents SET content = {OTHER_TOTAL} WHERE {at(DELIVERED)}", True),
    Fault("I45", f"DELETE FROM documents WHERE {at(DELIVERED)}", True),
    Fault("I45", f"UPDATE documents SET name = 'I2' WHERE {at(DELIVERED)}", True),
    Fault("I45", f"UPDATE documents SET content = {OTHER_TAX} WHERE {at(DELIVERED)}", True),
    Fault("I45", f"UPDATE documents SET content = {OTHER_FEE} WHERE {at(DELIVERED)}", True),
    Fault("I46", changed(DELIVERED, documents__I1__total_minor="2001")),
    Fault("I46", changed(REFUNDED, documents__M1__total_minor="902")),
    Fault("I46", changed(SHIPPED, documents__I1__total_minor="1")),
    Fault("I47", entry(DELIVERED, 24, "bank", "settled:gateway", 5)),
    Fault("I47", changed(DELIVERED, settlements__C1='{"line":"L1","amount_minor":2000}')),
    Fault("I47", changed(DELIVERED, settlements__C9='{"line":"L1","amount_minor":0}')),
    Fault("I48", entry(DELIVERED, 24, "sales", "tax:VAT", 5)),
    Fault("I48", entry(REFUNDED, 24, "tax", "tax:VAT", 5)),
    Fault("I48", f"UPDATE documents SET content = {OTHER_NAME} WHERE {at(REFUNDED)}", True),
)  # fmt: skip
