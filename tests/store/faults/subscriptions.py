"""Faults in subscriptions: their steps, what became of their days, and when they are renewed."""

from tests.store.faults.changes import Fault

LATER = "SELECT max(at_s) FROM subscription_steps"

SUBSCRIPTIONS = (
    Fault("I60", "DELETE FROM subscription_steps WHERE version = 2", True),
    Fault("I60", "UPDATE subscription_steps SET version_before = 0 WHERE version = 2", True),
    Fault("I60", "UPDATE subscriptions SET version = version + 1"),
    Fault("I60", "UPDATE subscriptions SET state = 'on_hold'"),
    Fault("I60", "UPDATE subscriptions SET value = json_set(value, '$.over', 'lost')"),
    Fault("I60", "DELETE FROM subscriptions"),
    Fault("I61", "DELETE FROM cycles WHERE outcome = 'skipped'", True),
    Fault("I61", "UPDATE cycles SET outcome = 'paused' WHERE outcome = 'skipped'", True),
    Fault("I61", "INSERT INTO cycles VALUES ('S1', 1, '2030-01-01', 'ordered', 'canonical-S1.20300101', 0)"),
    Fault("I61", "UPDATE subscriptions SET value = json_set(value, '$.made', 2)"),
    Fault("I61", "DELETE FROM inbox WHERE source = 'subscriptions' AND kind = 'order'"),
    Fault("I61", "UPDATE inbox SET state = 'done' WHERE source = 'subscriptions' AND kind = 'order'"),
    Fault("I61", "UPDATE inbox SET id = 'S1.20300101' WHERE source = 'subscriptions' AND kind = 'order'"),
    Fault("I62", "UPDATE subscriptions SET wake_at_s = NULL"),
    Fault("I62", f"UPDATE subscriptions SET wake_at_s = ({LATER}) - 61"),
)
