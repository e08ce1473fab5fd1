"""Faults in what locations' days have taken on, each to be found by the audit."""

from tests.store.faults.changes import Fault
from tests.store.healthy import RELEASED

OF_RELEASED = f"order_id = 'canonical-{RELEASED}'"
ONE_UNIT = f"""
    UPDATE orders SET value = json_set(value, '$.fulfillments.F1.units', json('{{"1":[[1,1]]}}'))
    WHERE id = 'canonical-{RELEASED}'"""
DAYS = (
    Fault("I55", "UPDATE location_days SET orders = 51", True),
    Fault("I55", "UPDATE location_days SET units = -1", True),
    Fault("I55", "UPDATE location_days SET units = units + 1"),
    Fault("I55", "DELETE FROM location_days"),
    Fault("I55", f"DELETE FROM order_days WHERE {OF_RELEASED}"),
    Fault("I55", f"UPDATE order_days SET units = units + 1 WHERE {OF_RELEASED}"),
    Fault("I55", ONE_UNIT),
    Fault("I55", "INSERT INTO order_days VALUES ('canonical-77', 'MUC', 1, 1, 1)"),
)
