"""Faults in how orders go on: units, steps, timers, folders; and in what is asked of others."""

from tests.store.faults.changes import Fault, a_step, a_task, at, changed, column, line, tally
from tests.store.healthy import ASKING, DELIVERED, HELD, RELEASED, SHIPPED, SWAPPED, TIMED, UNKNOWN, WAITING

NO_TASK = '{"kind":"authorize","tender":"P1","amount_minor":2000}'
SPARE = '{"kind":"authorize","tender":"P1","amount_minor":2000,"outcome":"done","spare":true}'
HOLD = '{"service":{"type":"service"}}'
TIMER = '{"t":{"due_at_s":1,"reaction":"x"}}'
TAKEN = '{"kind":"capture","tender":"P1","amount_minor":2000,"at_s":1}'
ASKED = '{"location":"BER","units":{},"released_at_s":1}'
PARCEL = '{"fulfillment":"F1","units":{"1":[[1,2]]},"shipped_at_s":0}'

FLOW = (
    Fault("I23", tally(DELIVERED, '{"delivered":[[1,1]]}')),
    Fault("I23", tally(DELIVERED, '{"delivered":[[1,2]],"shipped":[[2,2]]}')),
    Fault("I23", tally(DELIVERED, '{"delivered":[[1,3]]}')),
    Fault("I23", tally(DELIVERED, '{"gone":[[1,2]]}')),
    Fault("I23", tally(DELIVERED, "{}")),
    Fault("I24", changed(DELIVERED, workflow='"standard@0"')),
    Fault("I24", "DELETE FROM workflows"),
    Fault("I24", column(SHIPPED, "workflow = 'other@1'")),
    Fault("I25", f"DELETE FROM steps WHERE {at(DELIVERED)} AND version = 19", True),
    Fault("I25", f"DELETE FROM steps WHERE {at(DELIVERED)} AND version = 24", True),
    Fault("I25", f"UPDATE steps SET version_before = 18 WHERE {at(DELIVERED)} AND version = 20", True),
    Fault("I25", a_step(DELIVERED, 6, 5)),
    Fault("I25", a_step(77, 1, 0)),
    Fault("I25", column(DELIVERED, "version = 25")),
    Fault("I25", f"UPDATE steps SET version = 25 WHERE {at(DELIVERED)} AND version = 24", True),
    Fault("I26", column(RELEASED, "open = 0")),
    Fault("I26", column(DELIVERED, "open = 1")),
    Fault("I26", tally(DELIVERED, '{"shipped":[[1,2]]}')),
    Fault("I26", changed(DELIVERED, transactions__A9=SPARE)),
    Fault("I26", changed(DELIVERED, holds=HOLD)),
    Fault("I26", column(DELIVERED, "status = 'canceled'")),
    Fault("I27", f"UPDATE tasks SET state = 'done' WHERE {at(ASKING)}; {column(ASKING, 'wake_at_s = NULL')}"),
    Fault("I27", column(TIMED, "wake_at_s = NULL")),
    Fault("I27", f"DELETE FROM folders WHERE {at(HELD)}"),
    Fault("I27", f"INSERT INTO folders VALUES ('late', 'canonical-{DELIVERED}', 0)"),
    Fault("I28", changed(DELIVERED, timers=TIMER)),
    Fault("I28", column(TIMED, "wake_at_s = wake_at_s + 1")),
    Fault("I28", column(TIMED, "wake_at_s = NULL")),
    Fault("I28", column(SHIPPED, "wake_at_s = (SELECT max(at_s) - 61 FROM steps)")),
    Fault("I29", changed(TIMED, transactions__C1=TAKEN)),
    Fault("I29", changed(TIMED, fulfillments__F1=ASKED)),
    Fault("I29", f"UPDATE steps SET record = replace(record, 'grace_ended', 'note_added') WHERE {at(DELIVERED)}"
        f"; {changed(DELIVERED, grace_ends_s='99999999999')}", True),
    Fault("I30", changed(DELIVERED, shipments__S2=PARCEL)),
    Fault("I30", tally(DELIVERED, '{"delivered":[[1,1]],"canceled":[[2,2]]}')),
    Fault("I30", changed(RELEASED, shipments__S2='{"fulfillment":"F1","units":{"2":[[1,2]]},"shipped_at_s":0}')),
    Fault("I30", changed(SHIPPED, shipments="{}")),
    Fault("I56", line(SWAPPED, "sku", "'CUP'")),
    Fault("I56", line(SWAPPED, "was", "'MUG'")),
    Fault("I56", line(DELIVERED, "was", "'CUP'")),
    Fault("I56", f"UPDATE steps SET record = replace(record, 'line_substituted', 'note_added') WHERE {at(SWAPPED)}", True),
    Fault("I37", f"UPDATE steps SET actor = '' WHERE {at(DELIVERED)} AND version = 19", True),
    Fault("I37", f"UPDATE steps SET actor = ' ' WHERE {at(WAITING)} AND version_before = 0", True),
    Fault("I40", changed(DELIVERED, lines="7")),
    Fault("I40", column(DELIVERED, "value = substr(value, 1, 99)")),
)  # fmt: skip
EFFECTS = (
    Fault("I31", f"DELETE FROM tasks WHERE {at(DELIVERED)} AND kind = 'capture'"),
    Fault("I31", f"UPDATE tasks SET payload = json_set(payload, '$.amount_minor', 1) WHERE {at(DELIVERED)}"),
    Fault("I31", a_task(DELIVERED, "T", "mail", "{}", version=7)),
    Fault("I31", a_task(DELIVERED, "T", "void", '{"transaction":"V1","amount_minor":1,"currency":"EUR"}')),
    Fault("I31", a_task(77, "T", "mail", "{}")),
    Fault("I31", "UPDATE tasks SET id = 'T' WHERE kind = 'authorize' AND state = 'done'"),
    Fault("I31", changed(DELIVERED, transactions__A2=NO_TASK)),
    Fault("I32", f"UPDATE tasks SET state = 'done' WHERE {at(ASKING)}"),
    Fault("I32", f"DELETE FROM folders WHERE {at(UNKNOWN)}"),
    Fault("I33", "UPDATE inbox SET body = '' WHERE state = 'new'"),
    Fault("I33", "UPDATE inbox SET state = 'parked' WHERE state = 'new'"),
    Fault("I33", "UPDATE inbox SET state = 'refused' WHERE state = 'new'"),
    Fault("I33", "INSERT INTO inbox SELECT * FROM inbox WHERE state = 'new'", True),
    Fault("I35", a_task(DELIVERED, "T", "mail", "{}") + ";" + a_task(DELIVERED, "U", "mail", "{}")),
    Fault("I35", f"UPDATE tasks SET kind = 'mail', payload = '{{}}' WHERE {at(DELIVERED)} AND version = 19"),
)  # fmt: skip
