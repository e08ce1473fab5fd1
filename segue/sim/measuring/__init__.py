"""Measuring: how fast this machine runs orders, stage by stage, beside the floor of plain SQLite in the same run."""
