"""Scenarios: given a shop, when things happen to it, then all is as it should be. Files that people write, and run."""

from segue.scenario.reading import Scenario, read_file, read_text
from segue.scenario.running import run, run_data, run_file
from segue.scenario.verdict import Verdict
from segue.scenario.writing import written

__all__ = ["Scenario", "Verdict", "read_file", "read_text", "run", "run_data", "run_file", "written"]
