"""Faults: for each invariant, small changes made directly in the database of a healthy shop, which its check must find.

The orders are those of `healthy.py`. `refused` says that an intact database does not even take it: a CHECK, a UNIQUE or a
trigger stands before the audit.
"""

from tests.store.faults.changes import Fault
from tests.store.faults.days import DAYS
from tests.store.faults.digital import DIGITAL
from tests.store.faults.flow import EFFECTS, FLOW
from tests.store.faults.money import COUPONS, MONEY
from tests.store.faults.papers import DOCUMENTS
from tests.store.faults.selling import SELLING
from tests.store.faults.stock import STOCK
from tests.store.faults.subscriptions import SUBSCRIPTIONS

__all__ = ["FAULTS", "Fault"]
FAULTS = (*MONEY, *COUPONS, *STOCK, *SELLING, *DAYS, *FLOW, *EFFECTS, *DOCUMENTS, *SUBSCRIPTIONS, *DIGITAL)
