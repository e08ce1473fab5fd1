"""Sections: the parts of a channel file about the order, its lines, its money and its people become plans."""

from collections.abc import Mapping
from typing import Any

from segue.core.mapping.plan import (
    LINE_KINDS,
    AddressPlan,
    LinePlan,
    OrderPlan,
    PersonPlan,
    Refuse,
    Rule,
    TagPlan,
)
from segue.core.mapping.sources import Reader, read_constant
from segue.loader.channel.money import taxes_reader
from segue.loader.channel.scope import Scope
from segue.loader.channel.sources import without
from segue.loader.tree import Node

ORDER_FIELDS = {
    "shipping": ("shipping_minor", "money"),
    "shipping_discount": ("shipping_discount_minor", "money"),
    "shipping_tax": ("shipping_tax_minor", "money"),
    "taxes_included": ("taxes_included", "boolean"),
    "ship_method": ("ship_method", "text"),
    "promised_at": ("promised_at_s", "instant"),
    "deliver_on": ("deliver_on", "text"),
    "pickup_from": ("pickup_from_s", "instant"),
    "pickup_until": ("pickup_until_s", "instant"),
    "locale": ("locale", "text"),
    "cart": ("cart", "text"),
    "codes": ("codes", "texts"),
    "tier": ("tier", "text"),
    "priced": ("priced", "boolean"),
    "grants": ("grants", "grants"),
}
ORDER_KEYS = ("id", "placed_at", "currency", "total", "discount", "tax", "taxes", "shipping_taxes", *ORDER_FIELDS)
LINE_FIELDS = {
    "sku": ("sku", "text"),
    "quantity": ("quantity", "integer"),
    "price": ("price_minor", "money"),
    "discount": ("discount_minor", "money"),
    "tax": ("tax_minor", "money"),
    "title": ("title", "text"),
    "properties": ("properties", "properties"),
    "location": ("location", "text"),
    "deliver_on": ("deliver_on", "text"),
}
NO_PRICE = (("price_minor", read_constant(0)),)  # of the lines of a channel that says that they have none
LINE_KEYS = ("each", "fields", "kinds", "net", "taxes", *LINE_FIELDS)
RULE_KEYS = ("name", "kind", "when", "code", "to", "reason")
PARTS = ("name", "company", "street", "street2", "city", "postcode", "region", "country")
IDENTITIES = ("customer", "email", "order")
ONLY_ROWS = ("cancellation", "adjustment")  # kinds that an element within an order cannot be


def order_plan(node: Node, scope: Scope) -> OrderPlan | None:
    """The fields of the whole order."""
    needed = ("id", "placed_at", "currency", *(() if says_prices(node) else ("total",)))
    nodes = node.fields(scope.problems, ORDER_KEYS, required=needed)
    if any(key not in nodes for key in needed):
        return None
    reader = scope.sources.reader
    tax_node, names_part = _naming_part(nodes.get("tax"), scope)
    tax, tax_includes = _including(tax_node, ("lines", "shipping"), scope)
    discount, discount_includes = _including(nodes.get("discount"), ("lines",), scope)
    return OrderPlan(
        id=reader(nodes["id"], "text", True),
        currency=reader(nodes["currency"], "currency", True),
        placed_at=reader(nodes["placed_at"], "instant", True),
        fields=scope.fields(nodes, ORDER_FIELDS),
        total=_total(nodes["total"], scope) if "total" in nodes else None,
        tax=tax,
        tax_includes=tax_includes,
        discount=discount,
        discount_includes=discount_includes,
        taxes=taxes_reader(nodes.get("taxes"), scope),
        names_part=names_part,
        shipping_taxes=taxes_reader(nodes.get("shipping_taxes"), scope),
    )


def says_prices(order: Node) -> bool:
    """Whether a channel says of its orders if they have prices; then there need not be any."""
    return order.kind == "mapping" and "priced" in order.content


def _total(node: Node, scope: Scope) -> Reader | None:
    """`{computed: true}` adds the parts up; with `from` only where the channel does not tell the total."""
    if node.kind != "mapping" or "computed" not in node.content:
        return scope.sources.reader(node, "money", True)
    node.content["computed"].boolean(scope.problems)
    rest = without(node, "computed")
    return scope.sources.reader(rest, "money") if rest.content else None


def _including(node: Node | None, known: tuple[str, ...], scope: Scope) -> tuple[Reader | None, frozenset[str]]:
    """A source with `includes: [lines]`: parts that the channel says apart too, so that they are taken off."""
    if node is None:
        return None, frozenset()
    if node.kind != "mapping" or "includes" not in node.content:
        return scope.sources.reader(node, "money"), frozenset()
    listed = node.content["includes"].items(scope.problems, "a list of parts")
    parts = frozenset(each.choice(scope.problems, "part", known) for each in listed)
    return scope.sources.reader(without(node, "includes"), "money"), parts


def _naming_part(node: Node | None, scope: Scope) -> tuple[Node | None, bool]:
    """A tax with `more: true`: there may be more of it than its `taxes` come to."""
    if node is None or node.kind != "mapping" or "more" not in node.content:
        return node, False
    return without(node, "more"), node.content["more"].boolean(scope.problems)


def line_plan(node: Node, scope: Scope, is_grouped: bool, is_priced: bool = True) -> LinePlan | None:
    """The lines: where they are, what each is, its fields."""
    needed = (*(() if is_grouped else ("each",)), "sku", "quantity", *(("price",) if is_priced else ()))
    nodes = node.fields(scope.problems, LINE_KEYS, required=needed)
    if "discount" in nodes and "net" in nodes:
        scope.problems.add(nodes["net"].place, "a line has `discount` or `net`, not both")
    label, each = scope.sources.each(nodes["each"]) if "each" in nodes else ("rows", _rows)
    rules = nodes["kinds"].items(scope.problems) if "kinds" in nodes else []
    inner = Scope(scope.sources.inner(), nodes.get("fields"), scope)
    return LinePlan(
        each=each,
        label=label,
        fields=inner.fields(nodes, LINE_FIELDS, ("sku", "quantity", "price"))
        + (NO_PRICE if "price" not in nodes else ()),
        names=inner.readers,
        rules=tuple(rule for each_rule in rules if (rule := _rule(each_rule, inner, label))),
        net=inner.sources.reader(nodes["net"], "money") if "net" in nodes else None,
        taxes=taxes_reader(nodes.get("taxes"), inner),
        used=inner.sources.used,
    )


def _rows(fields: Any) -> Any:
    return fields["rows"]


def _rule(node: Node, scope: Scope, label: str) -> Rule | None:
    problems = scope.problems
    nodes = node.fields(problems, RULE_KEYS, required=("name", "kind", "when"))
    if any(key not in nodes for key in ("name", "kind", "when")):
        return None
    kind = nodes["kind"].choice(problems, "kind of line", LINE_KINDS)
    for key, its_kind in (("code", "charge"), ("to", "charge"), ("reason", "reject")):
        if key in nodes and kind != its_kind:
            problems.add(nodes[key].place, f"`{key}` is for a {its_kind}, and this is a {kind}")
    if kind == "reject" and "reason" not in nodes:
        problems.add(node.place, "a reject needs a `reason`")
    if kind in ONLY_ROWS and label != "rows":
        problems.add(nodes["kind"], f"only a row of its own can be a {kind}, and these are parts of an order")
    return Rule(
        nodes["name"].text(problems),
        kind or "note",
        scope.condition(nodes["when"]),
        scope.sources.reader(nodes["code"], "text") if "code" in nodes else None,
        nodes["to"].choice(problems, "place of a charge", ("charges", "shipping")) if "to" in nodes else "charges",
        nodes["reason"].text(problems) if "reason" in nodes else "",
    )


def refusals(node: Node | None, scope: Scope) -> tuple[Refuse, ...]:
    """The documents that are not taken in."""
    found = []
    for each in node.items(scope.problems, "a list of conditions with reasons") if node else []:
        nodes = each.fields(scope.problems, ("when", "reason"), required=("when", "reason"))
        if len(nodes) == 2:
            found.append(Refuse(scope.condition(nodes["when"]), nodes["reason"].text(scope.problems)))
    return tuple(found)


def tag_plans(node: Node | None, scope: Scope) -> tuple[TagPlan, ...]:
    """The tags: `{tag: gift, when: ...}`, or a source, with `split` if one text holds several."""
    plans = []
    for each in node.items(scope.problems, "a list of tags") if node else []:
        content = each.content if each.kind == "mapping" else {}
        when = scope.condition(content["when"]) if "when" in content else None
        split = content["split"].text(scope.problems) if "split" in content else ""
        if "tag" in content:
            each.fields(scope.problems, ("tag", "when"))
            text = read_constant(content["tag"].text(scope.problems))
        else:
            text = scope.sources.reader(without(each, "when", "split") if content else each, "text")
        plans.append(TagPlan(text, when, split))
    return tuple(plans)


def person_plan(nodes: Mapping[str, Node], scope: Scope) -> PersonPlan:
    """Who ordered, and the addresses."""
    known = ("identity", "name", "email", "phone")
    customer = nodes["customer"].fields(scope.problems, known) if "customer" in nodes else {}
    texts = {key: (key, "text") for key in ("name", "email", "phone")}
    return PersonPlan(
        identity=_identity(customer.get("identity"), scope),
        fields=scope.fields(customer, texts),
        ship_to=_address(nodes.get("ship_to"), scope),
        bill_to=_address(nodes.get("bill_to"), scope),
    )


def _identity(node: Node | None, scope: Scope) -> tuple[tuple[str, Reader], ...]:
    found = []
    for each in node.items(scope.problems, "a list such as `- email: email`") if node else []:
        for kind, source in each.fields(scope.problems, IDENTITIES, what="identity").items():
            found.append((kind, scope.sources.reader(source, "text")))
    return tuple(found)


def _address(node: Node | None, scope: Scope) -> AddressPlan:
    keys = (*PARTS, "latitude", "longitude", "require")
    nodes = node.fields(scope.problems, keys) if node else {}
    parts = {key: (key, "country" if key == "country" else "text") for key in PARTS}
    degrees = {key: (key, key) for key in ("latitude", "longitude")}
    required = nodes["require"].items(scope.problems) if "require" in nodes else []
    return AddressPlan(
        parts=scope.fields(nodes, parts),
        degrees=scope.fields(nodes, degrees),
        require=tuple(each.choice(scope.problems, "part of an address", PARTS) for each in required),
    )
