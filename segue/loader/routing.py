"""Routing: the strategies of a workflow, from YAML. Mistakes that are seen without the shop's locations are found here."""

from datetime import UTC

from segue.core.policy import Rule
from segue.core.sourcing import ALGORITHMS, PICKUPS
from segue.core.workflow import Among, Strategy, Workflow
from segue.loader.declared import NAME, Declared
from segue.loader.goods import LOCATION_KINDS
from segue.loader.problems import Problems, shortened
from segue.loader.promotion_needs import period
from segue.loader.rules import chosen
from segue.loader.tree import Node

CHOSEN = ("eligible", "serve", "rank", "split", "divide")
STRATEGY_KEYS = (
    "name", "when", "from", "until", "locations", *CHOSEN, "complete", "pickup", "algorithm", "else", "trial", "shadow"
)  # fmt: skip
COMPLETE = ("order", "line")
OTHERWISE = ("next", "wait", "split", "cancel")


def strategies(node: Node | None, usual: Workflow, declared: Declared) -> tuple[Strategy, ...]:
    """The strategies in their order. What one does not say of its policies it has from the workflow's."""
    found: list[Strategy] = []
    items = node.items(declared.problems, "a list of strategies") if node else []
    for item in items:
        strategy = _strategy(item, usual, declared)
        if any(strategy.name == before.name for before in found):
            declared.problems.add(item, f"the strategy `{strategy.name}` is given twice")
        elif hider := _hider(strategy, found):
            problem = f"the strategy `{strategy.name}` is never reached: `{hider}` leaves nothing to those after it"
            declared.problems.add(item.place, problem, "write `else: next` there, or move it behind")
        elif strategy.shadow and strategy.algorithm == "wave":
            declared.problems.add(
                item, f"the shadow `{strategy.name}` is worked out for one order, and no wave of them"
            )
        found.append(strategy)
    if found and not any(strategy.trial is None and not strategy.shadow for strategy in found):
        hint = "one has to have neither `trial` nor `shadow`"
        declared.problems.add(items[0].place, "no strategy is left for orders that are in no trial", hint)
    return tuple(found)


def _hider(strategy: Strategy, before: list[Strategy]) -> str:
    """The strategy that answers for all orders that this one could."""
    for each in before:
        if each.shadow or each.trial is not None:
            continue
        is_always = _covers(each, strategy)
        is_for_all = each.when is None or (strategy.when is not None and each.when.text == strategy.when.text)
        if is_always and is_for_all and each.otherwise in ("wait", "cancel"):
            return each.name
    return ""


def _covers(one: Strategy, other: Strategy) -> bool:
    """Whether one strategy is for all the time that another is for."""
    begins = one.from_s is None or (other.from_s is not None and other.from_s >= one.from_s)
    ends = one.until_s is None or (other.until_s is not None and other.until_s <= one.until_s)
    return begins and ends


def _strategy(node: Node, usual: Workflow, declared: Declared) -> Strategy:
    problems = declared.problems
    fields = node.fields(problems, STRATEGY_KEYS, required=("name",))
    from_s, until_s = period(fields, UTC, problems, "strategy")
    return Strategy(
        name=_name(fields["name"], problems) if "name" in fields else "",
        **{kind: _rules(fields.get(kind), kind, usual, declared) for kind in CHOSEN},
        complete=_complete(fields["complete"], problems) if "complete" in fields else "",
        when=declared.condition(fields["when"]) if "when" in fields else None,
        from_s=from_s,
        until_s=until_s,
        among=among(fields["locations"], problems) if "locations" in fields else None,
        algorithm=_choice(fields, "algorithm", tuple(ALGORITHMS), problems, usual.algorithm),
        pickup=fields["pickup"].choice(problems, "way of collecting", PICKUPS) if "pickup" in fields else "",
        otherwise=_choice(fields, "else", OTHERWISE, problems),
        trial=fields["trial"].integer(problems, 1, 99) if "trial" in fields else None,
        shadow=fields["shadow"].boolean(problems) if "shadow" in fields else False,
    )


def _name(node: Node, problems: Problems) -> str:
    name = node.text(problems)
    if name and not NAME.fullmatch(name):
        problems.add(node, f"`{shortened(name)}` cannot be the name of a strategy", "write it like `near_stores`")
    return name


def _rules(node: Node | None, kind: str, usual: Workflow, declared: Declared) -> tuple[Rule, ...]:
    own: tuple[Rule, ...] = getattr(usual, kind)
    return own if node is None else chosen(node, kind, declared)


def _choice(fields: dict[str, Node], key: str, known: tuple[str, ...], problems: Problems, usual: str = "") -> str:
    return fields[key].choice(problems, key, known) if key in fields else usual or known[0]


def _complete(node: Node, problems: Problems) -> str:
    """What only ships whole: `order`, `line`, or `{property: bundle}` for the lines that share its value."""
    if node.kind != "mapping":
        return node.choice(problems, "what ships complete", COMPLETE)
    fields = node.fields(problems, ("property",), required=("property",))
    return f"property:{fields['property'].text(problems)}" if "property" in fields else ""


def among(node: Node, problems: Problems) -> Among:
    """A set of locations: a list of ids, or `{ids: [...], kinds: [store], groups: [north]}`, of which all has to fit."""
    if node.kind == "list":
        return Among(ids=node.texts(problems))
    fields = node.fields(problems, ("ids", "kinds", "groups"))
    kinds = fields["kinds"].items(problems, "a list of kinds") if "kinds" in fields else []
    return Among(
        fields["ids"].texts(problems) if "ids" in fields else (),
        tuple(kind.choice(problems, "kind of location", LOCATION_KINDS) for kind in kinds),
        fields["groups"].texts(problems) if "groups" in fields else (),
    )
