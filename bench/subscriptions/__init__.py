"""Years of thousands of subscriptions with crashes, down-time and clocks that jump, and an independent count of all orders.

What is real: subscriptions, the scheduler, the store (SQLite), the inbox, the taking of orders with their decisions, the
ledger, tasks with their keys, and the gateway that is asked to hold and to take each amount. What is left out: stock,
shipping and mail. An order is paid at once by the workflow `plain`, and nothing is sent.
"""
