"""A small vocabulary and a view of it, for the tests of the condition language."""

from types import SimpleNamespace

from segue.core.conditions import ABSENT, ConditionError, Name, Vocabulary, compile_condition

VOCABULARY = Vocabulary(
    names={
        "now": Name("instant", "The instant of asking."),
        "grade": Name("int", "The points of the risk grading."),
        "holds": Name("int", "How many holds the order has.", "hold"),
        "paid": Name("bool", "Whether all of it is paid."),
        "email": Name("text", "The customer's address."),
        "band": Name("text", "The band of the grade."),
        "tags": Name("texts", "What people have tagged it with."),
        "channels": Name("texts", "Where it was seen."),
        "placed_at": Name("instant", "When it was placed."),
        "shipped_at": Name("instant", "When it was shipped, ABSENT if it was not."),
        "wait": Name("duration", "How long the customer agreed to wait.", "calendar"),
    },
    line_names={
        "sku": Name("text", "What was ordered.", "item"),
        "count": Name("int", "How many units."),
        "listed": Name("bool", "Whether the item is known.", "item"),
        "state": Name("text", "Where its units are."),
        "due_at": Name("instant", "When it was promised.", "stock"),
    },
    choices={"band": ("low", "medium", "high"), "channels": ("web", "store"), "line.state": ("new", "shipped")},
)

SHIRT = SimpleNamespace(sku="SHIRT-XL", count=5, listed=True, state="shipped", due_at=5_000)
CARD = SimpleNamespace(sku="GIFT-CARD", count=1, listed=False, state="new", due_at=ABSENT)

USUAL = {
    "now": 10_000,
    "grade": 45,
    "holds": 1,
    "paid": True,
    "email": "Ann@Example.com",
    "band": "high",
    "tags": ("vip", "gift"),
    "channels": frozenset({"web"}),
    "placed_at": 1_000,
    "shipped_at": ABSENT,
    "wait": 7_200,
    "lines": (SHIRT, CARD),
}


def view(**changes: object) -> SimpleNamespace:
    """The usual order, with some of its values changed."""
    return SimpleNamespace(**{**USUAL, **changes})


def holds(text: str, **changes: object) -> object:
    """What a condition says of the usual order with some changes."""
    return compile_condition(text, VOCABULARY).test(view(**changes))


def mistake_in(text: str, vocabulary: Vocabulary = VOCABULARY, expect: str = "bool") -> ConditionError | None:
    """The mistake that a text is refused for; None if it is accepted."""
    try:
        compile_condition(text, vocabulary, expect)
    except ConditionError as error:
        return error
    return None
