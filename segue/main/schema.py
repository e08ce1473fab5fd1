"""The command `segue schema`: the JSON Schema of a kind of file, for editors to complete and check while one writes."""

from typing import Annotated, Literal

from cyclopts import Parameter


def schema(
    kind: Annotated[Literal["workflow"], Parameter(name="KIND", help="The kind of file.")] = "workflow", /
) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    from segue.core.decide import COMMANDS, EVENTS
    from segue.loader.schema import workflow_schema
    from segue.main.output import print_json
    from segue.settings import registry

    print_json({"workflow": workflow_schema}[kind](registry(), COMMANDS, EVENTS))
