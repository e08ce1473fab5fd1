"""Subscriptions: standing orders of a customer. Each cycle that is due makes exactly one order, or has a reason why not."""
