"""Writing: a scenario that was made by a program, as the text of a file."""

from typing import Any

import yaml

WIDTH = 120


class _Writer(yaml.SafeDumper):
    """Writes no anchors, and keeps what is short on one line."""

    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out."""
        return True


def written(data: dict[str, Any]) -> str:
    """The YAML text of a scenario that is given as data. Read again, it is the same scenario."""
    text: str = yaml.dump(
        data, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None
    )
    return text
