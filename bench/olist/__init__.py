"""A backtest on real orders: what sending them would have cost, had they been routed otherwise."""
