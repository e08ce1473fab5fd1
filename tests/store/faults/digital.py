"""Faults in what a message delivers."""

from tests.store.faults.changes import Fault, changed, tally
from tests.store.healthy import CODED

DIGITAL = (
    Fault("I63", changed(CODED, issues="{}")),
    Fault("I63", changed(CODED, issues__D1__outcome='"declined"')),
    Fault("I63", changed(CODED, issues__D2='{"units":{"1":[[1,1]]},"outcome":"asked"}')),
    Fault("I63", tally(CODED, '{"new":[[1,2]]}')),
    Fault("I63", changed(CODED, tenders__P1__tally='{"captured":500,"voided":1500}')),
)
