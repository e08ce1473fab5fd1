"""Obeying: what is wanted, done in an opened shop. Decodes and submits; what is allowed is for the core to say."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from segue.app import App, Tell
from segue.connectors.importing import draft_in
from segue.core.base import MISTAKES, Command, Refused
from segue.core.calendar import DAY_S
from segue.core.days import Closure
from segue.core.decide import COMMANDS
from segue.core.intake import CorrectOrder
from segue.core.moments import moment
from segue.engine.outcomes import OURSELVES, Request
from segue.engine.stocktaking import take_waiting
from segue.loader.goods import read_items
from segue.loader.problems import Broken, Problems, advice
from segue.main.failing import FOUND, WRONG_USE, Failed, failing, refusing
from segue.main.output import plain
from segue.main.remedying import dismiss, retry, settle
from segue.main.sharing import change_cart, put_fence, reallocate_share, reserve_cart
from segue.main.stocking import (
    change_stock,
    count_stock,
    drop_report,
    known_location,
    refresh_opportunity,
    supply,
    take_stock,
)
from segue.main.subscribing import ask_subscription
from segue.main.wanted import (
    AnyWanted,
    AskSubscription,
    ChangeCart,
    CloseLocation,
    Correct,
    CountStock,
    Dismiss,
    Done,
    DropReport,
    Erase,
    Give,
    LookAhead,
    MoveStock,
    OpenLocation,
    PutFence,
    PutItems,
    Reallocate,
    Reconcile,
    RefreshOpportunity,
    ReserveCart,
    Retry,
    Settle,
    Supply,
    TakeIn,
    TakeStock,
)
from segue.ports import Batch, Clock, PortFailed
from segue.reconciling import BadReport, Terms, reconcile
from segue.settings import channel_mapping
from segue.store.closing import Closing
from segue.store.erasing import erase
from segue.store.overview import Overview
from segue.store.reading import Finder

NOT_FOR_PEOPLE = (
    "place_order",
    "correct_order",
    "wake",
)  # what has a document in it comes through its channel's mapping


def obey(app: App, wanted: AnyWanted, tell: Tell | None = None) -> dict[str, Any]:
    """Do it; returns what came of it as JSON can have it. Raises Failed, or what the shop raises."""
    if isinstance(wanted, TakeIn):
        return _take_in(app, wanted, tell)
    begin(app.clock)
    return OBEDIENCE[type(wanted)](app, wanted)


def begin(clock: Clock) -> None:
    """A virtual clock that nothing has moved yet stands at 1970: what people do is done at the present time."""
    if clock.now_s() == 0:
        clock.sleep_until(int(time.time()))


def answered(app: App, wanted: AnyWanted) -> Done:
    """The same for somebody elsewhere: what goes wrong is in the answer."""
    try:
        with failing():
            return Done(obey(app, wanted))
    except Failed as failed:
        refused = failed.refused
        name, detail = (refused.refusal.name, refused.detail) if refused is not None else ("", "")
        return Done(failed=str(failed), code=failed.code, refusal=name, detail=detail)
    except AssertionError as error:  # a mistake of ours; nothing was written, and the owner has other work to do
        return Done(failed=f"This is a mistake in Segue, and nothing was changed: {error}.", code=FOUND)


def _give(app: App, wanted: Give) -> dict[str, Any]:
    result = app.submit(wanted.order, command_of(wanted.command), wanted.by, wanted.expects)
    if result.refused:
        raise refusing(result.refused, result.refusal)
    return {"order": wanted.order, "changed": result.changed}


def _look_ahead(app: App, wanted: LookAhead) -> dict[str, Any]:
    try:
        seen: dict[str, Any] = plain(app.preview(wanted.order, command_of(wanted.command), wanted.by))
    except Refused as error:
        raise refusing(error, error) from error
    except (PortFailed, *MISTAKES) as error:  # nothing was changed, and the owner has other work to do
        raise Failed(f"This cannot be previewed: {type(error).__name__}: {error}.") from error
    return seen


def command_of(fields: dict[str, Any]) -> Command:
    """The command that these fields are. Raises Failed with what it takes."""
    name = str(fields.get("command", ""))
    offered = {known: kind for known, kind in COMMANDS.items() if known not in NOT_FOR_PEOPLE}
    kind = offered.get(name)
    if kind is None:
        raise Failed(f"There is no command `{name}`; {advice(name, offered)}", WRONG_USE)
    try:
        return msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as error:
        takes = ", ".join(_parameter(field) for field in msgspec.structs.fields(kind)) or "nothing more"
        raise Failed(f"{name}: {error}. It takes {takes}.", WRONG_USE) from error


def _parameter(field: msgspec.structs.FieldInfo) -> str:
    return field.name if field.required else f"{field.name} (optional)"


def _take_in(app: App, wanted: TakeIn, tell: Tell | None) -> dict[str, Any]:
    paths = [Path(path) for path in wanted.paths]
    for path in paths:
        if not path.exists():
            raise Failed(f"{path}: there is no such file.", WRONG_USE)
    _refuse_folders(app, paths, wanted.channel)
    rejects = Path(wanted.rejects) if wanted.rejects else app.folder / f"rejects-{wanted.channel}.csv"
    overview = Overview(app.reader())
    before = overview.received(wanted.channel)
    counts = app.receive(paths, wanted.channel, rejects, tell)
    return {
        "channel": wanted.channel,
        "documents": counts.documents,
        "orders": counts.orders,
        "orders_with_mistakes": counts.mistaken,
        "messages_new": overview.received(wanted.channel) - before,
        "rows": counts.read,
        "rows_by_kind": dict(counts.rows),
        "rows_by_rule": dict(counts.rules),
        "rejects_by_reason": dict(counts.reasons),
        "rejects_file": str(rejects),
    }


def _refuse_folders(app: App, paths: Sequence[Path], channel: str) -> None:
    """Raises Failed for a folder, unless the channel's documents are joined from the tables in one."""
    folder = next((path for path in paths if path.is_dir()), None)
    if folder is not None and not channel_mapping(app.folder, channel).layout.joins:
        raise Failed(f"{folder} is a folder; of {channel} the files in it have to be named.", WRONG_USE)


def _correct(app: App, wanted: Correct) -> dict[str, Any]:
    """Raises Failed for a file that is not one document of this order's channel."""
    known = Finder(app.reader()).order(wanted.order)
    assert known is not None, "who asks has looked it up, and orders stay"
    _refuse_folders(app, [Path(wanted.path)], known.channel)
    received = app.read(Path(wanted.path), known.channel)
    rejects = [reject for each in received for reject in each.mapped.rejects]
    if rejects:
        reasons = "; ".join(f"{reject.path}: {reject.reason}".removeprefix(": ") for reject in rejects)
        raise Failed(f"The document cannot be used: {reasons}.")
    if len(received) != 1 or (draft := draft_in(received[0])) is None:
        raise Failed(f"The file has {len(received)} documents; one order is needed, as {known.channel} sends it.")
    people = (received[0].person,) if received[0].person else ()
    request = Request(wanted.order, CorrectOrder(draft), wanted.by)
    result = app.worker.submit([request], Batch(app.clock.now_s(), people=people))[0]
    if result.refused:
        raise refusing(result.refused, result.refusal)
    failures = result.order.failures if result.order else ()
    return {"order": wanted.order, "changed": result.changed, "failures": msgspec.to_builtins(failures)}


def _close_location(app: App, wanted: CloseLocation) -> dict[str, Any]:
    known_location(app, wanted.location)
    now_s = app.clock.now_s()
    if wanted.until_s is not None and wanted.until_s <= now_s:
        here = ZoneInfo(app.shop.time_zone)
        over, present = moment(wanted.until_s, here), moment(now_s, here)
        raise Failed(f"{over} is over already: in this shop it is {present}.", WRONG_USE)
    Closing(app.database).close(Closure(wanted.location, wanted.until_s, wanted.reason, wanted.by, now_s))
    return {"location": wanted.location, "changed": True}


def _open_location(app: App, wanted: OpenLocation) -> dict[str, Any]:
    known_location(app, wanted.location)
    changed = Closing(app.database).open(wanted.location, wanted.reason, wanted.by, app.clock.now_s())
    return {"location": wanted.location, "changed": changed}


def _put_items(app: App, wanted: PutItems) -> dict[str, Any]:
    path = Path(wanted.path)
    problems = Problems()
    items = read_items(path, path.name, problems)
    if len(problems):
        raise Broken(problems.sorted())
    changed = app.shelf.put_items(items.values(), app.clock.now_s())
    take_waiting(app.stock_desk(OURSELVES))
    return {"items": len(items), "changed": len(changed)}


def _erase(app: App, wanted: Erase) -> dict[str, Any]:
    known = app.store.person(wanted.person) is not None
    erase(app.database, app.seal, wanted.person)
    return {"person": wanted.person, "erased": known}


def _reconcile(app: App, wanted: Reconcile) -> dict[str, Any]:
    try:
        came_of = reconcile(app, Path(wanted.path), Terms(wanted.called, wanted.provider, wanted.grace_days * DAY_S))
    except BadReport as bad:
        mistakes = [msgspec.to_builtins(each) for each in bad.mistakes]
        return {"mistakes": mistakes}
    return {"mistakes": [], **msgspec.to_builtins(came_of)}


OBEDIENCE: dict[type, Callable[[App, Any], dict[str, Any]]] = {
    Give: _give,
    Correct: _correct,
    LookAhead: _look_ahead,
    CountStock: count_stock,
    MoveStock: change_stock,
    TakeStock: take_stock,
    ReserveCart: reserve_cart,
    ChangeCart: change_cart,
    PutFence: put_fence,
    Reallocate: reallocate_share,
    DropReport: drop_report,
    Supply: supply,
    CloseLocation: _close_location,
    OpenLocation: _open_location,
    RefreshOpportunity: refresh_opportunity,
    PutItems: _put_items,
    Erase: _erase,
    Retry: retry,
    Settle: settle,
    Dismiss: dismiss,
    Reconcile: _reconcile,
    AskSubscription: ask_subscription,
}
