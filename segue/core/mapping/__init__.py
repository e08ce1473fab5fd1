"""Mapping: from a channel's own document to the canonical order, as its channel file says.

    mapping = load_channel(...)                     # segue.loader.channel
    mapped = map_document(mapping, Document(body))
    mapped.draft, mapped.person, mapped.cancellations, mapped.rejects

Pure: a mapping is a value of compiled functions; files are read elsewhere. A document gives an order, or messages about
other orders, or rejects with the path, the reason and the value; it never raises.
"""

from segue.core.mapping.document import Document, View
from segue.core.mapping.mapper import map_document
from segue.core.mapping.plan import Join, Layout, Mapping
from segue.core.mapping.results import (
    KINDS,
    Adjustment,
    Cancellation,
    Mapped,
    Misread,
    Note,
    PersonalData,
    Reject,
)

__all__ = [
    "KINDS",
    "Adjustment",
    "Cancellation",
    "Document",
    "Join",
    "Layout",
    "Mapped",
    "Mapping",
    "Misread",
    "Note",
    "PersonalData",
    "Reject",
    "View",
    "map_document",
]
