"""The store of one shop in PostgreSQL, for any number of writers. Needs the extra `postgres`."""
