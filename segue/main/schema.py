"""The command `segue schema`: the JSON Schema of a kind of file, for editors to complete and check while one writes."""

from typing import Annotated, Literal

from cyclopts import Parameter


def schema(
    kind: Annotated[
        Literal["workflow", "promotions", "rates", "bundles", "scenario"],
        Parameter(name="KIND", help="The kind of file."),
    ] = "workflow",
    /,
) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    from segue.core.decide import COMMANDS, EVENTS
    from segue.loader.bundles_schema import bundles_schema
    from segue.loader.promotions_schema import promotions_schema
    from segue.loader.rates_schema import rates_schema
    from segue.loader.schema import workflow_schema
    from segue.main.output import print_json
    from segue.settings import registry

    if kind == "workflow":
        print_json(workflow_schema(registry(), COMMANDS, EVENTS))
        return
    if kind == "promotions":
        print_json(promotions_schema(registry()))
        return
    if kind == "rates":
        print_json(rates_schema())
        return
    if kind == "bundles":
        print_json(bundles_schema())
        return
    from segue.scenario.schema import scenario_schema

    print_json(scenario_schema(registry(), COMMANDS, EVENTS))
