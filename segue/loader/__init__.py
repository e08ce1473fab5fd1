"""The loader: turns a shop's files into compiled values, and finds every mistake in them before any order."""
