"""Rules: the policies that a workflow chooses, with their parameters bound; and grading rules of its own."""

from functools import partial
from itertools import pairwise
from typing import Any

from segue.core.conditions import Condition
from segue.core.facts import Facts
from segue.core.order import Order
from segue.core.policy import Rule
from segue.core.sourcing import ALGORITHMS
from segue.core.stock_effect import STOCK_EFFECTS
from segue.core.tenders import PROPORTIONAL
from segue.core.vocabulary import View
from segue.core.workflow import DIGITAL_RETURNS, MIXED_CARTS, PREORDER_STOCKS, STREET_DATES, Deposit
from segue.loader.arguments import arguments, slots_of_policy
from segue.loader.declared import Declared, named_entries
from segue.loader.problems import Problems
from segue.loader.tree import Node

POLICY_KEYS = (
    "validate", "grade", "bands", "eligible", "serve", "rank", "split", "divide", "capture", "shipping_refund",
    "return_fee", "deposit", "reauthorize", "delays", "capture_from", "refund_to", "sourcing_attempts", "stock_effects",
    "algorithm", "street_date", "preorder_stock", "mixed_cart", "digital_returns",
)  # fmt: skip
ONLY_ONE = ("capture", "shipping_refund", "return_fee")  # kinds of policies of which a workflow chooses one
SOFTENED = ("eligible", "split")  # kinds of policies that may be soft: broken only if nothing else is found
SOURCING = ("eligible", "rank", "split", "divide")  # kinds of policies whose figures are sizes
MAY_BE_0 = ("over_units", "part_minor", "rest_minor")
WORDS = {
    "street_date": STREET_DATES, "preorder_stock": PREORDER_STOCKS, "mixed_cart": MIXED_CARTS,
    "digital_returns": DIGITAL_RETURNS,
}  # fmt: skip
PERCENT_MAX = 100
POINTS_MAX = 10_000
ATTEMPTS_MAX = 100


def chosen(node: Node | None, kind: str, declared: Declared) -> tuple[Rule, ...]:
    """The rules of a list such as `[closest, {shipments_at_most: {count: 2}}]`. What stands first is asked first."""
    if node is None:
        return ()
    rules: dict[str, Rule] = {}
    for item in node.items(declared.problems, "a list of policies"):
        rule = one(item, kind, declared)
        if rule is not None and rule.name in rules:
            declared.problems.add(item, f"`{rule.name}` is chosen twice")
        elif rule is not None:
            rules[rule.name] = rule
    return tuple(rules.values())


def checks(node: Node | None, declared: Declared) -> tuple[Rule, ...]:
    """The validation checks. One that fails places a hold of its own name, so that has to be declared."""
    rules = chosen(node, "validate", declared)
    for rule in rules:
        if node is not None and rule.name not in declared.holds:
            hint = "declare it under `holds`, since the check places it when it fails"
            declared.problems.add(_item_of(node, rule.name), f"the check `{rule.name}` has no hold of its name", hint)
    return rules


def _item_of(node: Node, name: str) -> Node:
    items: list[Node] = node.content
    return next(item for item in items if name in (item.content if item.kind == "mapping" else [item.content]))


def one(node: Node, kind: str, declared: Declared) -> Rule | None:
    """A rule written as its name, or as `{name: {parameter: value}}`."""
    if node.kind != "mapping":
        name = node.text(declared.problems, f"the name of a `{kind}` policy")
        return _bound(node, name, {}, kind, declared) if name else None
    entries = list(node.content.items())
    if len(entries) != 1:
        declared.problems.add(
            node, "expected one policy, found several keys", "write it as `- name: {parameter: value}`"
        )
        return None
    ((name, parameters),) = entries
    return _bound(parameters.place, name, parameters.entries(declared.problems), kind, declared)


def _bound(
    node: Node, name: str, given: dict[str, Node], kind: str, declared: Declared, points: int = 0
) -> Rule | None:
    """The rule, its parameters bound to the policy's function."""
    policies = declared.offered.registry.get(kind, {})
    if name not in policies:
        declared.problems.add_unknown(node, f"`{kind}` policy", name, policies)
        return None
    function = policies[name].function
    given = dict(given)
    soft = given.pop("soft", None) if kind in SOFTENED else None
    mistakes = len(declared.problems)
    bound = arguments(node, given, slots_of_policy(function), name, declared.problems)
    if kind in SOURCING and len(declared.problems) == mistakes:  # what is no figure is not judged as one
        _check_sizes(given, bound, name, declared.problems)
    is_soft = soft is not None and soft.boolean(declared.problems)
    return Rule(name, partial(function, **bound) if bound else function, points, is_soft)


def _check_sizes(given: dict[str, Node], bound: dict[str, Any], name: str, problems: Problems) -> None:
    """No distance, count or band is negative, and where 0 would leave nothing it is more."""
    for (key, node), (slot, value) in zip(given.items(), bound.items(), strict=True):
        if isinstance(value, int | float) and not isinstance(value, bool):
            if value < 0 or (value == 0 and slot not in MAY_BE_0):
                what = "a band of no width makes no ties" if slot.startswith("band") else "nothing is within that"
                problems.add(node, f"`{key}` of `{name}` is {value:g}, and has to be above 0", what)
            elif slot.endswith("percent") and value > PERCENT_MAX:
                problems.add(node, f"`{key}` of `{name}` is {value:g} %, and 100 % is all of it")


def grading(node: Node | None, declared: Declared) -> tuple[Rule, ...]:
    """The grading rules: built-in ones, and free ones that are a condition."""
    entries = named_entries(node, "grading rule", declared.problems)
    rules = [_grading_rule(name, entry, declared) for name, entry in entries.items()]
    return tuple(rule for rule in rules if rule is not None)


def _grading_rule(name: str, node: Node, declared: Declared) -> Rule | None:
    if node.kind != "mapping":
        return _bound(node.place, name, {}, "grade", declared, _points(node, declared.problems))
    given = dict(node.content)
    points = given.pop("points", None)
    if points is None:
        declared.problems.add(node.place, f"the grading rule `{name}` has no `points`")
    weight = _points(points, declared.problems) if points else 0
    if "when" in given:
        return _free_rule(name, node, weight, declared)
    return _bound(node.place, name, given, "grade", declared, weight)


def _points(node: Node, problems: Problems) -> int:
    return node.integer(problems, -POINTS_MAX, POINTS_MAX)


def _free_rule(name: str, node: Node, points: int, declared: Declared) -> Rule:
    fields = node.fields(declared.problems, ("when", "points"))
    if name in declared.offered.registry.get("grade", {}):
        declared.problems.add(node.place, f"`{name}` is a grading rule of Segue's", "give your own another name")
    return Rule(name, partial(_fires, when=declared.condition(fields["when"])), points)


def _fires(order: Order, facts: Facts, *, when: Condition) -> dict[str, Any] | None:
    """A condition as a grading rule. Its `now` is when the order was placed, so that a grade does not age."""
    return {"when": when.text} if when.test(View(order, order.placed_at_s, facts)) else None


def bands(node: Node | None, problems: Problems) -> tuple[tuple[str, int], ...]:
    """The bands and from which score each begins, ascending from 0 or below."""
    entries = named_entries(node, "band", problems)
    found = [(name, start.integer(problems, -POINTS_MAX, POINTS_MAX)) for name, start in entries.items()]
    for (low, first), (high, second) in pairwise(found):
        if second <= first:
            problems.add(entries[high], f"the band `{high}` begins no higher than `{low}`", "let bands ascend")
    if found and found[0][1] > 0:
        problems.add(entries[found[0][0]], "a grade of 0 is in no band", "let the first band begin at 0")
    return tuple(found)


def only_rule(node: Node | None, kind: str, declared: Declared) -> Rule | None:
    """Of a kind of which a workflow chooses one: when money is taken, what of the shipping is given back."""
    return None if node is None else one(node, kind, declared)


def turns(node: Node | None, problems: Problems) -> tuple[str, ...]:
    """Methods or kinds of tenders, the first of which comes first; or `proportional`."""
    if node is None:
        return ()
    if node.kind != "list":
        return (node.choice(problems, "sequence of tenders", PROPORTIONAL),)
    found: dict[str, None] = {}
    for item in node.items(problems):
        name = item.text(problems, "a method or kind of payment")
        if name in found or name in PROPORTIONAL:
            hint = "name each method once, or write `proportional` alone"
            problems.add(item, f"`{name}` has no turn of its own here", hint)
        found[name] = None
    return tuple(found)


def deposit(node: Node | None, problems: Problems) -> Deposit | None:
    """What is taken at once: `{percent: 20}`, or `{amount: 5000}` in minor units."""
    if node is None:
        return None
    fields = node.fields(problems, ("percent", "amount"))
    if len(fields) != 1:
        problems.add(node.place, "a deposit is a percent or an amount", "write it as `{percent: 20}`")
    percent = fields["percent"].integer(problems, 1, 100) if "percent" in fields else 0
    return Deposit(percent, fields["amount"].integer(problems, 1) if "amount" in fields else 0)


def reauthorize(node: Node | None, problems: Problems) -> int | None:
    """How long before an authorization ends it is said that it does: `{before: 48h}`."""
    fields = node.fields(problems, ("before",), required=("before",)) if node is not None else {}
    return fields["before"].duration_s(problems) if "before" in fields else None


def quiet(node: Node | None, problems: Problems) -> int:
    """How long after supply was moved those who wait are not told of it: `{quiet: 30m}`."""
    fields = node.fields(problems, ("quiet",), required=("quiet",)) if node is not None else {}
    return fields["quiet"].duration_s(problems) if "quiet" in fields else 0


def algorithm(node: Node | None, problems: Problems) -> str:
    """By which algorithm locations are chosen."""
    return "rules" if node is None else node.choice(problems, "algorithm", tuple(ALGORITHMS))


def words(policies: dict[str, Node], problems: Problems) -> dict[str, str]:
    """The policies that are one of a few words, as far as they are given."""
    return {name: policies[name].choice(problems, name, of) for name, of in WORDS.items() if name in policies}


def sourcing_attempts(node: Node | None, problems: Problems) -> int:
    """How many locations may fail for a line before a person decides."""
    return 3 if node is None else node.integer(problems, 1, ATTEMPTS_MAX)


def stock_effects(node: Node | None, problems: Problems) -> dict[str, str]:
    """What the reasons of short picks and rejects say of stock: `{damaged: damaged, sold_out: none_left}`."""
    entries = node.entries(problems, "a mapping of reasons to effects") if node is not None else {}
    return {reason: effect.choice(problems, "effect on stock", STOCK_EFFECTS) for reason, effect in entries.items()}
