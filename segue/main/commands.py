"""The commands, by what they are for. Each names where it lives; it is imported when it is called."""

from cyclopts import App

from segue.main.failing import EXIT_CODES

EXAMPLES = """\
Start with one of:
  segue demo               a made-up shop and 10,000 of its orders, from placed to delivered
  segue init my-shop       a shop of your own; it asks six questions"""

START, DAILY, ASK, CHANGE, GOODS, FILES = (
    "1 To start with", "2 Day by day", "3 To look", "4 To change an order", "5 Goods and people", "6 The shop's files",
)  # fmt: skip

COMMANDS = (
    (START, "init", "init:init", "Make a shop: ask what decides its flow, and write the files that say so."),
    (START, "demo", "demo:demo", "Run a made-up shop, or real data, through a simulated world, and show what became of it."),
    (DAILY, "import", "importing:import_orders", "Take in a channel's files.\n\nExamples:\n  segue import x.json --channel web\n  segue import y"),
    (DAILY, "work", "working:work", "Do what is due; go on until told to stop."),
    (DAILY, "folders", "folders:folders", "Where people are needed: folders, their owners, what is overdue."),
    (ASK, "orders", "orders:orders", "List orders."),
    (ASK, "order", "order:order", "Show one order: lines, payments, shipments, and what can be done now."),
    (ASK, "why", "why:why", "Tell an order's story: what happened, and why."),
    (ASK, "audit", "audit:audit", "Look for whatever breaks an invariant."),
    (CHANGE, "hold", "changing:hold", "Put a hold on an order."),
    (CHANGE, "lift", "changing:lift", "Lift a hold."),
    (CHANGE, "cancel", "changing:cancel", "Cancel an order, a line, or some units of a line."),
    (CHANGE, "note", "changing:note", "Write something down about an order."),
    (CHANGE, "do", "changing:do", "Give an order any other command."),
    (GOODS, "stock", "stock:app", "Show stock; count it, receive it."),
    (GOODS, "catalog", "catalog:app", "Put items into the catalog."),
    (GOODS, "erase", "erase:erase", "Erase a person's data."),
    (FILES, "check", "check:check", "Find every mistake in the shop's files."),
    (FILES, "schema", "schema:schema", "Print the JSON Schema of a kind of file, for editors."),
    (FILES, "bench", "bench:bench", "Measure how fast this machine runs orders."),
)


def _version() -> str:
    from importlib.metadata import version

    return version("segue")


def _made() -> App:
    made = App(
        name="segue",
        version=_version,
        help=f"Segue takes orders from every sales channel and brings each from placed to delivered.\n\n{EXAMPLES}",
        help_format="plaintext",
        help_epilogue=EXIT_CODES,
    )
    for group, name, place, sentence in COMMANDS:
        made.command(f"segue.main.{place}", name=name, help=sentence, group=group)
    return made


app = _made()
