"""The commands, by what they are for. Each names where it lives; it is imported when it is called."""

from collections.abc import Sequence

from cyclopts import App, Group

from segue.main.examples import EXAMPLES
from segue.main.failing import EXIT_CODES

INTRODUCTION = """\
Segue takes orders from every sales channel and brings each from placed to delivered.

Start with one of these:
  segue demo            a made-up shop and 10,000 of its orders
  segue init my-shop    a shop of your own; it asks a few questions"""

GROUPS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "To start with": (
        ("init", "init:init", "Make a shop: ask what decides its flow, and write the files that say so."),
        (
            "demo",
            "demo:demo",
            "Run a shop, made up or of real data, through a simulated world, and show what happened.",
        ),
    ),
    "Day by day": (
        ("quote", "quote:quote", "Price a cart, as an order would be priced now; nothing is kept."),
        ("reserve", "reservations:reserve", "Set a cart's units aside for a while."),
        ("reservations", "reservations:reservations", "What carts have set aside; extend it, let it go."),
        ("promise", "promise:promise", "Say from where and when a cart could be had, and why not sooner."),
        ("route", "route:route", "Show from where an order or a cart would be sent, at what cost, and why."),
        ("import", "importing:import_orders", "Take in a channel's files."),
        ("work", "working:work", "Do what is due, and go on until told to stop."),
        ("folders", "folders:folders", "Where people are needed: folders, their owners, what is overdue."),
    ),
    "When something went wrong outside": (
        ("trouble", "trouble:trouble", "What the outside world left open: tasks and messages that need a person."),
        ("retry", "trouble:retry", "Ask for a task again, or handle a message again."),
        ("settle", "trouble:settle", "Say what became of a task, once you have found out."),
        ("dismiss", "trouble:dismiss", "Leave a message undone for good, and say why."),
    ),
    "To look": (
        ("orders", "orders:orders", "List orders."),
        ("order", "order:order", "Show one order: lines, payments, parcels, and what can be done now."),
        ("why", "why:why", "Tell an order's story: what happened, and why."),
        ("money-at-risk", "money:money_at_risk", "Authorizations that end soon while their goods have not left."),
        ("audit", "audit:audit", "Look for whatever breaks an invariant."),
        ("backtest", "backtest:backtest", "Replay orders by another strategy, with stock as it was, and compare."),
        (
            "strategies",
            "strategies:strategies",
            "Compare what the strategies came to, and what shadows would have done.",
        ),
        (
            "hindsight",
            "hindsight:hindsight",
            "Say what a period could have cost at least, and to what the rest was lost.",
        ),
        ("replay", "replay:replay", "Make orders anew of what is on record of them, and compare."),
    ),
    "The books": (
        ("invoices", "invoices:invoices", "List the invoices and credit memos of an order, and what settles them."),
        ("invoice", "invoices:invoice", "Show one invoice or credit memo, with all that it says."),
        (
            "reconcile",
            "reconciling:reconcile",
            "Compare a gateway's settlement report with what we believe, one to one.",
        ),
        ("ledger", "ledger:app", "Write the ledger as a journal that accounting programs read."),
    ),
    "To change an order": (
        ("hold", "changing:hold", "Put a hold on an order or a line."),
        ("lift", "changing:lift", "Lift a hold."),
        ("cancel", "changing:cancel", "Cancel an order, a line or a bundle, or some units of that."),
        ("reschedule", "changing:reschedule", "Let an order, or a line, arrive on another date."),
        ("assign", "assigning:assign", "Say where orders, or a line of them, come from."),
        ("adjust", "adjusting:adjust", "Lower the price of units of a line, after the sale."),
        ("goodwill", "adjusting:goodwill", "Give the customer an amount as an apology."),
        ("correct", "correcting:correct", "Take a corrected document for an order that fails a check."),
        ("note", "changing:note", "Write something down about an order."),
        ("do", "changing:do", "Give an order any other command."),
    ),
    "Goods and people": (
        ("subscription", "subscriptions:app", "Standing orders: list, show, add, pause, skip, change and end them."),
        ("stock", "stock:app", "Show stock; count it, move it, take in what locations report."),
        ("supply", "supply:app", "What is on order or on its way: add it, move it, cancel it, receive it."),
        ("location", "location:app", "Close locations and open them again; show which are closed, and who did it."),
        ("opportunity", "opportunity:app", "Show or refresh what units are worth where they lie, for `look_ahead`."),
        ("catalog", "catalog:app", "Show the catalog's entries; put in others."),
        ("erase", "erase:erase", "Erase a person's data for good."),
    ),
    "The shop's files, and this machine": (
        ("test", "testing:play", "Play scenarios, and show where one does not end as it says."),
        ("check", "check:check", "Find every mistake in the shop's files, and what can break in its workflows."),
        ("schema", "schema:schema", "Print the JSON Schema of a kind of file, for editors."),
        (
            "simulate",
            "simulate:simulate",
            "Run made-up shops in which everything goes wrong, and look for what breaks.",
        ),
        ("bench", "bench:bench", "Measure how fast this machine runs orders."),
    ),
}
NAMES = tuple(name for commands in GROUPS.values() for name, _, _ in commands)


def unknown_command(tokens: Sequence[str]) -> str:
    """What to say about a command that there is not."""
    from difflib import get_close_matches

    wrong = tokens[0] if tokens else ""
    close = get_close_matches(wrong, NAMES, 1)
    return f"There is no command `{wrong}`; did you mean `{close[0]}`?" if close else f"There is no command `{wrong}`."


def _version() -> str:
    from importlib.metadata import version

    return version("segue")


def _made() -> App:
    made = App(
        name="segue",
        version=_version,
        help=INTRODUCTION,
        help_format="plaintext",
        help_epilogue=EXIT_CODES,
        suppress_keyboard_interrupt=False,  # it is told below what is kept
    )
    for number, (title, commands) in enumerate(GROUPS.items()):
        group = Group(title, sort_key=number)
        for position, (name, place, sentence) in enumerate(commands):
            help = f"{sentence}\n\n{EXAMPLES[name]}"
            made.command(f"segue.main.{place}", name=name, help=help, group=group, sort_key=position)
    return made


app = _made()
