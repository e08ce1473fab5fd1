"""What the checks of one condition share: the vocabulary, the rule for each kind of node, and what was found so far."""

import ast
from collections.abc import Callable, Mapping
from typing import NamedTuple

from segue.core.conditions.mistakes import mistake, shown
from segue.core.conditions.vocabulary import TYPES, Name, Vocabulary


class Checked(NamedTuple):
    """A part of the condition that was found right."""

    node: ast.expr
    """The part rebuilt over a view: `view.holds` for `holds`, 14400 for `hours(4)`."""
    source: ast.expr
    """The part as it was written, for messages."""
    type: str
    nows: int = 0
    """How many times `now` is in it as a sum: 1 in `now - placed_at`, -1 in `placed_at - now`, 0 in `now - now`."""
    word: str | None = None
    """The name, if the part is nothing but one: `band` or `line.state`."""


class Moment(NamedTuple):
    """Where a comparison with `now` changes its value: at the instant `at`, plus each of `steps` (seconds)."""

    at: ast.expr
    steps: tuple[int, ...]
    in_line: bool
    """The instant differs by line."""


class Scope:
    """The checks' way to check what is within, and their notebook."""

    def __init__(self, vocabulary: Vocabulary, rules: "Rules") -> None:
        self.vocabulary = vocabulary
        self.rules = rules
        self.in_line = False
        self.names: set[str] = set()
        self.facts: set[str] = set()
        self.moments: list[Moment] = []

    def check(self, node: ast.expr) -> Checked:
        """Check a part by the rule for its kind; a kind without a rule is refused."""
        if type(node) not in self.rules:
            raise mistake(node, f"{REFUSED.get(type(node), shown(node))} is not allowed in a condition")
        return self.rules[type(node)](node, self)

    def expect(self, node: ast.expr, *types: str) -> Checked:
        """Check a part that has to be of one of these types, and where `now` cannot be solved for."""
        checked = self.check(node)
        if checked.type not in types:
            wanted = " or ".join(TYPES[each] for each in types)
            raise mistake(node, f"{described(checked)}, not {wanted}", advice(checked, types))
        if checked.nows:
            raise mistake(node, "`now` can only be added, subtracted and compared, as in `now - placed_at > hours(4)`")
        return checked

    def use(self, word: str, name: Name) -> None:
        """Note that the condition depends on a name."""
        self.names.add(word)
        if name.fact:
            self.facts.add(name.fact)


Rule = Callable[..., Checked]
Rules = Mapping[type[ast.expr], Rule]

REFUSED: dict[type[ast.expr], str] = {
    ast.Subscript: "an index",
    ast.Lambda: "a function of your own",
    ast.JoinedStr: "an f-string",
    ast.NamedExpr: "`:=`",
    ast.IfExp: "`... if ... else`",
    ast.Starred: "a star",
    ast.Await: "`await`",
    ast.Yield: "`yield`",
    ast.YieldFrom: "`yield`",
    ast.Dict: "a dictionary",
    ast.Tuple: "a list that does not follow `in`",
    ast.List: "a list that does not follow `in`",
    ast.Set: "a list that does not follow `in`",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "`for` outside any(), all() and sum()",
}

ADVICE = {
    "int": "write `{it} > 0`",
    "text": "write `{it} != ''`",
    "texts": "write `len({it}) > 0`",
    "instant": "compare it, as in `{it} < now`",
    "duration": "compare it, as in `{it} > hours(4)`",
}


def described(checked: Checked) -> str:
    """The part and its type, as in "`holds` is a number"."""
    return f"{shown(checked.source)} is {TYPES.get(checked.type, 'a list')}"


def advice(checked: Checked, types: tuple[str, ...]) -> str | None:
    """What to write where true or false is needed and the part is neither."""
    if types != ("bool",):
        return None
    return ADVICE[checked.type].format(it=shown(checked.source).strip("`"))
