"""Writing: a scenario that was made by a program, as the text of a file."""

from typing import Any

import yaml

from segue.loader.problems import Spot
from segue.loader.tree import Node

WIDTH = 120


class _Writer(yaml.SafeDumper):
    """Writes no anchors, keeps what is short on one line, and quotes each text that would be read as something else."""

    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out."""
        return True

    def write_text(self, text: str) -> yaml.ScalarNode:
        """A text."""
        is_text = Node("scalar", text, Spot("")).plain_value() == text
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_text else "'")


_Writer.add_representer(str, _Writer.write_text)


def written(data: dict[str, Any]) -> str:
    """The YAML text of a scenario that is given as data. Read again, it is the same scenario."""
    text: str = yaml.dump(
        data, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None
    )
    return text
