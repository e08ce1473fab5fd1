"""Telling what became of the orders: statuses, folders, figures, stories, the audit, and what to type next."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segue.app import App
from segue.core.facts import Location
from segue.main.demo.making import Scene
from segue.main.demo.running import Ran
from segue.main.demo.stories import interesting
from segue.main.folders import COLUMNS, cells, row_of, show_trouble
from segue.main.formats import count, money, words
from segue.main.importing import show_rows
from segue.main.output import facts, heading, say, table
from segue.main.why import story_of, tell
from segue.settings import outlined
from segue.store.audit import Violation
from segue.store.overview import Overview, Totals
from segue.store.reading import Finder
from segue.store.trouble import Trouble


def figures(app: App, scene: Scene, ran: Ran, violations: list[Violation]) -> dict[str, Any]:
    """All of it in figures, for programs."""
    overview = Overview(app.reader())
    totals = overview.totals()
    seconds = ran.import_s + ran.work_s
    return {
        "folder": str(scene.folder),
        "rows_by_kind": dict(ran.counts.rows),
        "orders": totals.orders,
        "open": totals.open,
        "touchless": round(touchless(totals), 4),
        "import_s": round(ran.import_s, 3),
        "work_s": round(ran.work_s, 3),
        "orders_per_s": round(totals.orders / seconds, 1),
        "steps": ran.steps,
        "calls": ran.calls,
        "messages_sent": totals.messages_sent,
        "money": totals.money,
        "statuses": overview.statuses(),
        "folders": overview.folders(),
        "violations": violations,
    }


def touchless(totals: Totals) -> float:
    """The share of orders that came to their end with nobody touching them, at least: no open one was touched here."""
    return max(0, totals.orders - totals.open - totals.touched) / totals.orders if totals.orders else 1.0


def show(app: App, scene: Scene, ran: Ran, violations: list[Violation]) -> None:
    """All of it for people."""
    overview = Overview(app.reader())
    totals = overview.totals()
    heading("What came in")
    show_rows(ran.counts.read, ran.counts.rows, ran.counts.reasons)
    say(f"{ran.counts.documents:,} documents, of which {ran.counts.orders:,} are orders.")
    handled = [(words(kind), state, f"{n:,}") for kind, state, n in Trouble(app.reader()).handled()]
    table(("message", "became", ">how many"), handled)
    _show_places(app, overview, totals)
    _show_figures(ran, totals, violations)
    finder = Finder(app.reader())
    stories = interesting(finder)
    for story in stories:
        heading(f"{story.title}: {story.order}")
        _tell(app, story.order, app.shop.locations)
    _what_next(scene.folder, stories[0].order if stories else "")


def _show_places(app: App, overview: Overview, totals: Totals) -> None:
    heading("Where the orders are")
    shares = [(words(name), f"{n:,}", f"{n / totals.orders:.1%}") for name, n in overview.statuses().items()]
    table(("status", ">orders", ">share"), shares)
    heading("Where people are needed")
    declared, now_s = outlined(app.shop).folders, app.clock.now_s()
    rows = [row_of(each.folder, each.orders, each.since_s, declared, overview, now_s) for each in overview.folders()]
    table(COLUMNS, [cells(row, now_s) for row in rows])
    show_trouble(Trouble(app.reader()))


def _show_figures(ran: Ran, totals: Totals, violations: list[Violation]) -> None:
    heading("In figures")
    seconds = ran.import_s + ran.work_s
    parts = f"{ran.import_s:.1f} s to import, {ran.work_s:.1f} s to work"
    speed = f"{seconds:.1f} s, {totals.orders / seconds:,.0f} orders/s ({parts})"
    broken = count(len(violations), "violation") if violations else "nothing breaks an invariant"
    facts(
        [
            ("orders", f"{totals.orders:,}, of which {totals.open:,} are open"),
            ("touchless", f"{touchless(totals):.1%} came to their end with nobody touching them"),
            ("time", speed),
            ("work", f"{count(ran.steps, 'step')}, {count(ran.calls, 'call')} of the world outside"),
            ("messages", f"{totals.messages_sent:,} sent to customers"),
            *((f"{each.currency}, authorized", money(each.authorized_minor, each.currency)) for each in totals.money),
            *((f"{each.currency}, captured", money(each.captured_minor, each.currency)) for each in totals.money),
            *((f"{each.currency}, refunded", money(each.refunded_minor, each.currency)) for each in totals.money),
            ("audit", broken),
        ]
    )


def _tell(app: App, order: str, locations: Mapping[str, Location]) -> None:
    tell(story_of(app.reader(), order, locations))


def _what_next(folder: Path, order: str) -> None:
    heading("What to type next")
    commands = {
        f"cd {folder}": "",
        "segue folders": "where people are needed",
        "segue orders --folder backorders": "who waits for stock",
        f"segue order {order}" if order else "segue orders": "an order on one page",
        "segue audit": "look for whatever breaks an invariant",
        "segue init my-shop": "a shop of your own",
    }
    facts((command, meaning or " ") for command, meaning in commands.items())
    say()
