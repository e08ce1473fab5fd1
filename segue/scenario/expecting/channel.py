"""What a sales channel was told, as scenarios expect it."""

from segue.scenario.stage import Stage


def told_of_waiting(stage: Stage, id: str) -> list[str]:
    """What it was told last of the lines that wait."""
    updates = stage.world.channel.told.get(id, ())
    return [
        f"{each['units']} {each['sku']} by {each.get('expected', 'nobody knows when')}, "
        f"place {each['position']}, {each['units_ahead']} ahead"
        for update in updates[-1:]
        for each in update.get("waiting", ())
    ]


def told(stage: Stage, id: str) -> list[str]:
    """The updates of an order, in their order."""
    return [str(update["update"]) for update in stage.world.channel.told.get(id, ())]
