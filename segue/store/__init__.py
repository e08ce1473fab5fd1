"""The store: the only folder with SQL. Orders, steps, stock, ledger, tasks, messages and people of one shop."""
