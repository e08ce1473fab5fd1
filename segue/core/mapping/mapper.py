"""The mapper: carries a channel's mapping out on one document."""

from collections import Counter
from typing import Any

from segue.core.amounts import exponent
from segue.core.draft import NO_CURRENCY, Draft, Mistake
from segue.core.mapping.document import Document, View
from segue.core.mapping.drafting import draft_of
from segue.core.mapping.lines import cancellations_of, sort_lines
from segue.core.mapping.paths import check_known
from segue.core.mapping.people import read_person
from segue.core.mapping.plan import Mapping
from segue.core.mapping.results import Cancellation, Mapped, Misread, Reject
from segue.core.mapping.work import Work

NO_GOODS = "has no goods: an order needs at least one line"
OF_REJECTED = "belongs to a document that was rejected for another row"
OF_THE_ORDER = ("order", "charge")


def map_document(mapping: Mapping, document: Document) -> Mapped:
    """What a document becomes. Never raises for what is in it: what cannot be used is a reject with its reason."""
    name = ""
    try:
        _check_fields(mapping, document.fields)
        name = mapping.order.id(document.fields, 0)
        currency, mistakes = _currency(mapping, document.fields)
        _check_refused(mapping, document.fields, exponent(currency))
        found = sort_lines(mapping, document, exponent(currency))
    except Misread as misread:
        return _rejected(document, name, misread)
    found.mistakes[:0] = mistakes
    return _mapped(Work(mapping, document, name, currency, found))


def _currency(mapping: Mapping, fields: Any) -> tuple[str, list[Mistake]]:
    """The currency; none where the channel names one that nobody knows, and the mistake."""
    try:
        return mapping.order.currency(fields, 0), []
    except Misread as misread:
        if not misread.code:
            raise
        return NO_CURRENCY, [misread.mistake()]


def _check_fields(mapping: Mapping, fields: Any) -> None:
    if fields.__class__ is not dict:
        raise Misread("", "is not an object", fields)
    if mapping.known:
        check_known(fields, mapping.known, "an order")


def _check_refused(mapping: Mapping, fields: Any, digits: int) -> None:
    view = View(fields, mapping.names, digits)
    for refuse in mapping.rejects:
        if refuse.when(view):
            raise Misread("", refuse.reason)


def _rejected(document: Document, name: str, misread: Misread) -> Mapped:
    rejects = tuple(
        Reject(document.file, row, name, misread.path, misread.reason, misread.value) for row in document.numbers
    )
    return Mapped(name, rejects=rejects, rows={"reject": document.size})


def _mapped(work: Work) -> Mapped:
    found = work.found
    work.person = read_person(work)
    draft = _draft(work)
    rejects = _rejects(work) if found.spoiled or work.misreads else []
    cancellations = _cancellations(work, rejects) if found.cancellations else ()
    return Mapped(
        work.name,
        draft,
        work.person,
        cancellations,
        tuple(found.adjustments),
        tuple(found.notes),
        tuple(rejects),
        _rows(work, draft),
        dict(Counter(rule for rule in found.rules if rule)) if work.mapping.lines.rules else {},
    )


def _rows(work: Work, draft: Draft | None) -> dict[str, int]:
    if work.mapping.lines.is_rows:
        return dict(Counter(work.found.kinds))
    return {"order" if draft else "reject": work.document.size}


def _draft(work: Work) -> Draft | None:
    """The order, None if there is none, or if anything of it cannot be used: an order is never taken in by halves."""
    found = work.found
    if work.mapping.lines.is_rows and not any(kind in OF_THE_ORDER for kind in found.kinds):
        work.misreads.clear()
        return None
    is_spoiled = any(each.spoils for each in found.spoiled)
    if not found.lines and not is_spoiled:
        work.misreads.append(Misread(work.mapping.lines.label, NO_GOODS))
    draft = draft_of(work)
    return None if is_spoiled else draft


def _rejects(work: Work) -> list[Reject]:
    """The rejects of a document; if its order is spoiled, all rows of the order are among them."""
    spoiled, kinds = work.found.spoiled, work.found.kinds
    first = next((index for index, kind in enumerate(kinds) if kind in OF_THE_ORDER), 0)
    rejects = [work.reject(each.misread, each.position) for each in spoiled]
    rejects += [work.reject(misread, first) for misread in work.misreads]
    spoiling = [first] if work.misreads else [each.position for each in spoiled if each.spoils]
    if spoiling and work.mapping.lines.is_rows:
        rejects += _spoil(work, spoiling[0], {reject.row for reject in rejects})
    return rejects


def _spoil(work: Work, first: int, told: set[int]) -> list[Reject]:
    """Turn all rows of an order into rejects, those that are fine themselves too."""
    kinds, numbers = work.found.kinds, work.document.numbers
    of_order = [index for index, kind in enumerate(kinds) if kind in OF_THE_ORDER]
    for index in of_order:
        kinds[index] = "reject"
    reason = Misread("", OF_REJECTED, f"row {numbers[first]}")
    return [work.reject(reason, index) for index in of_order if numbers[index] not in told]


def _cancellations(work: Work, rejects: list[Reject]) -> tuple[Cancellation, ...]:
    """The cancellations, if it is known when they came; else rejects."""
    try:
        at_s = work.mapping.order.placed_at(work.fields, work.digits)
        return cancellations_of(work.found, work.name, at_s)
    except Misread as misread:
        for element, _ in work.found.cancellations:
            work.found.kinds[element.position] = "reject"
            rejects.append(work.reject(misread, element.position))
        return ()
