"""Policies: pure functions with a name and a sentence, marked here, chosen and parametrized in YAML."""

from collections.abc import Callable, Iterable
from inspect import getdoc
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

KINDS = {
    "validate": "(order, facts) -> failures: what is wrong with an order",
    "grade": "(order, facts) -> points and figures, or None if the rule does not fire",
    "eligible": "(location, order, facts) -> why this location may not serve the order, or None",
    "serve": "(location, line, order, facts) -> why this location may not serve this line, or None",
    "rank": "(offer, order, facts) -> a number: the lower, the earlier the location is asked",
    "split": "(plan, order) -> why this plan may not be used, or None",
    "divide": "(units by line, order, facts) -> the same units in the parts that travel apart",
    "capture": "(order) -> the unit states whose units are to be paid",
    "shipping_refund": "(order) -> what of the shipping is given back, with units canceled or back; minor units",
    "return_fee": "(order, units, reason) -> what the return of these units costs the customer; minor units",
    "goods_discount": "(basket) -> an offer of gifts: which units get how much off, and which had to be bought",
    "order_discount": "(basket) -> an offer of an amount off the goods",
    "shipping_discount": "(basket) -> an offer of an amount off the shipping",
}

ANYTHING = "anything"  # what a policy may look at of an order of which nothing else is said

Function = TypeVar("Function", bound=Callable[..., Any])


class Policy(NamedTuple):
    """A policy as found in a module: its kind, its name in YAML, what it does in one sentence."""

    kind: str
    name: str
    function: Callable[..., Any]
    sentence: str


class Rule(NamedTuple):
    """A policy as chosen by a workflow, with its parameters bound."""

    name: str
    call: Callable[..., Any]
    points: int = 0  # grading rules: how much they weigh
    soft: bool = False  # filters and limits of a split: broken only if nothing else is found


def policy(kind: str, *, whole_first: bool = False, sees: str = ANYTHING) -> Callable[[Function], Function]:
    """Mark a function as a policy of this kind. Its name in YAML is its own; its parameters are keyword-only.

    `whole_first` is said of a ranking by which a location that has all of it never comes behind one that has not.
    `sees` is said of what judges alike all orders that want the same goods and have no more than this in common: nothing
    more than the `goods`, the `country`, the `nearness` of locations, or the `place`. How much more of the goods there is
    than is wanted must not matter to it.
    """
    assert kind in KINDS, f"no kind of policy is called {kind}"

    def mark(function: Function) -> Function:
        function.__policy__ = kind  # type: ignore[attr-defined]
        function.__whole_first__ = whole_first  # type: ignore[attr-defined]
        function.__sees__ = sees  # type: ignore[attr-defined]
        return function

    return mark


def is_whole_first(rule: Rule) -> bool:
    """Whether by this ranking a location that has all of it never comes behind one that has not."""
    return getattr(rule.call, "__whole_first__", False)


def seen_by(rule: Rule) -> str:
    """What of an order beyond its goods a rule looks at."""
    return getattr(getattr(rule.call, "func", rule.call), "__sees__", ANYTHING)


def policies_in(modules: Iterable[ModuleType]) -> dict[str, dict[str, Policy]]:
    """All policies of some modules: kind -> name -> policy. A plug-in is a module like the built-in ones."""
    found: dict[str, dict[str, Policy]] = {kind: {} for kind in KINDS}
    for module in modules:
        for function in vars(module).values():
            kind = getattr(function, "__policy__", None)
            if kind is not None:
                sentence = (getdoc(function) or "").partition("\n")[0]
                found[kind][function.__name__] = Policy(kind, function.__name__, function, sentence)
    return found
