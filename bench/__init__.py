"""Benchmarks and long runs: what the figures of the README come from."""
