"""Generate: writes again what the documentation says of the code: tables between markers, and diagrams of states.

    python -m docs.generate

A page keeps its prose; what stands between `<!-- generated: NAME -->` and `<!-- end -->` is made here from the code.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from docs import command_line, drawings, features, promotions, scenarios, tables

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"(<!-- generated: ([a-z_]+) -->\n).*?(<!-- end -->)", re.DOTALL)
PAGES = ("ARCHITECTURE.md", "docs/reference/*.md")
BLOCKS: dict[str, Callable[[], str]] = {
    "words": tables.words,
    "line_words": tables.line_words,
    "state_words": tables.state_words,
    "functions": tables.functions,
    "limits": tables.limits,
    "commands": tables.commands,
    "events": tables.events,
    "refusals": tables.refusals,
    "mistakes": tables.mistakes,
    "policies": tables.policies,
    "invariants": tables.invariants,
    "properties": tables.properties,
    "moves": tables.moves,
    "money_moves": tables.money_table,
    "money_features": features.money,
    "stock_features": features.stock,
    "time_features": features.time,
    "ports": tables.port_table,
    "shapes": tables.shapes,
    "accounts": tables.accounts,
    "command_line": command_line.every_command,
    "promotion_mechanisms": promotions.mechanisms,
    "promotion_keys": promotions.keys,
    "promotion_needs": promotions.needs,
    "scenario_given": scenarios.given,
    "scenario_placed": scenarios.placed,
    "scenario_orders_and_people": scenarios.orders_and_people,
    "scenario_world": scenarios.world,
    "scenario_going_wrong": scenarios.going_wrong,
    "scenario_points": scenarios.points,
    "scenario_of_order": scenarios.of_order,
    "scenario_of_shop": scenarios.of_shop,
}
PICTURES: dict[str, Callable[[], str]] = {
    "docs/pictures/unit-states.svg": drawings.unit_states,
    "docs/pictures/money-states.svg": drawings.money_states,
}


def renewed(text: str) -> str:
    """A page with all its blocks made again."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]()}\n\n{found[3]}", text)


def made() -> dict[Path, str]:
    """Every generated page and picture as it should be."""
    pages = [path for pattern in PAGES for path in sorted(ROOT.glob(pattern))]
    texts = {path: renewed(path.read_text("utf-8")) for path in pages}
    return texts | {ROOT / name: draw() for name, draw in PICTURES.items()}


def outdated() -> list[str]:
    """The pages and pictures that are not what the code says now."""
    wanted = made()
    return [
        path.relative_to(ROOT).as_posix()
        for path, text in wanted.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]


def main() -> int:
    """Write what is out of date."""
    for name in outdated():
        (ROOT / name).write_text(made()[ROOT / name], "utf-8")
        print(f"{name} is written again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
