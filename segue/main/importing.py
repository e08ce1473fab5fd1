"""The command `segue import`: take in a channel's files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from segue.main.asking import ask
from segue.main.failing import DONE, FOUND, WRONG_USE, Failed
from segue.main.formats import count
from segue.main.output import print_json, say, table
from segue.main.parameters import HERE, Json, Shop
from segue.main.progress import Bar
from segue.main.wanted import TakeIn

LINED = (".ndjson", ".csv", ".jsonl", ".tsv")
CHUNK_BYTES = 1 << 20


def import_orders(
    files: Annotated[
        list[Path], Parameter(name="FILE", help="The files; .gz as they are; a folder for joined tables.")
    ],
    /,
    *,
    channel: Annotated[str, Parameter(help="The channel that they come from: channels/NAME.yaml.")],
    rejects: Annotated[Path | None, Parameter(help="Where to write what was not taken in.")] = None,
    shop: Shop = HERE,
    json: Json = False,
) -> int:
    """Take in a channel's files."""
    for file in files:
        if not file.exists():
            raise Failed(f"{file}: there is no such file.", WRONG_USE)
    paths = tuple(str(file.resolve()) for file in files)
    wanted = TakeIn(paths, channel, str(rejects.resolve()) if rejects else "")
    with Bar(f"Importing from {channel}", "rows", rows_of(files), quiet=json) as bar:
        result = ask(shop, wanted, lambda rows, orders: bar.show(rows))
    if json:
        print_json(result)
    else:
        tell(result)
    return FOUND if is_all_rejected(result) else DONE


def is_all_rejected(result: dict[str, Any]) -> bool:
    """Whether there were rows, and none became anything but a reject."""
    return bool(result["rows_by_kind"]) and set(result["rows_by_kind"]) == {"reject"}


def rows_of(files: list[Path]) -> int | None:
    """How many rows the files have, about; None if that cannot be said before they are read."""
    from segue.connectors.rows import open_bytes

    total = 0
    for file in files:
        if not file.is_file() or not file.name.removesuffix(".gz").endswith(LINED):
            return None
        with open_bytes(file) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                total += chunk.count(b"\n")
    return total


def tell(result: dict[str, Any]) -> None:
    """What became of the rows, and what to do next."""
    show_rows(result["rows"], result["rows_by_kind"], result["rejects_by_reason"])
    if result["rejects_by_reason"]:
        say(f"The rejected rows are in {result['rejects_file']}.")
    if wrong := result["orders_with_mistakes"]:
        say(f"{count(wrong, 'order')} with amounts that cannot be read: held until corrected, `segue order` says what.")
    new = result["messages_new"]
    say(
        f"{count(result['orders'], 'order')} read, {count(new, 'message')} new; what was here before is not taken twice."
    )
    say("Next: `segue work` does what is due; `segue orders` shows them." if new else "There is nothing new to do.")


def show_rows(rows: int, kinds: Mapping[str, int], reasons: Mapping[str, int]) -> None:
    """How many rows became what, and why some were rejected."""
    table(("rows became", ">rows"), [*((kind, f"{number:,}") for kind, number in kinds.items()), ("all", f"{rows:,}")])
    if reasons:
        often = sorted(reasons.items(), key=lambda each: -each[1])
        table(("rejected, because it", ">rows"), [(reason, f"{number:,}") for reason, number in often])
