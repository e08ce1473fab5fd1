"""Connectors: one file a system. Each knows its port and that system, and nothing else of ours."""
