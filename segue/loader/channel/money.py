"""Money: the parts of a channel file about charges, taxes, discounts and tenders become plans."""

from segue.core.mapping.granting import read_taxes
from segue.core.mapping.plan import Allocations, ChargePlan, DiscountPlan, TaxPlan, TenderPlan
from segue.core.mapping.sources import Reader, read_constant
from segue.loader.channel.scope import Scope, within
from segue.loader.tree import Node

TENDER_FIELDS = {
    "kind": ("kind", "tender kind"),
    "method": ("method", "text"),
    "amount": ("amount_minor", "money"),
    "reference": ("reference", "text"),
}
TAX_KEYS = ("each", "name", "amount", "rate")
DISCOUNT_KEYS = ("each", "promotion", "code", "on_lines", "on_shipping")
ALLOCATION_KEYS = ("each", "of", "amount")


def charge_plans(node: Node | None, scope: Scope) -> tuple[ChargePlan, ...]:
    """The charges of the whole order: called `name` in all orders, or what `code` finds in each."""
    plans = []
    for each in node.items(scope.problems, "a list of charges") if node else []:
        nodes = each.fields(scope.problems, ("name", "code", "amount", "net", "tax", "each"))
        if ("name" in nodes) == ("code" in nodes):
            scope.problems.add(each.place, "a charge has a `name` or a `code`, one of them")
        elif ("amount" in nodes) == ("net" in nodes):
            scope.problems.add(each.place, "a charge has an `amount`, with its tax, or a `net` amount, one of them")
        else:
            plans.append(_charge(nodes, scope))
    return tuple(plans)


def _charge(nodes: dict[str, Node], scope: Scope) -> ChargePlan:
    inner, label, getter = within(nodes, scope)
    named = read_constant(nodes["name"].text(scope.problems)) if "name" in nodes else None
    code = named or inner.reader(nodes["code"], "text", True)
    amount = inner.reader(nodes["amount"] if "amount" in nodes else nodes["net"], "money")
    tax = inner.reader(nodes["tax"], "money") if "tax" in nodes else None
    return ChargePlan(code, amount, getter, label, tax, "net" in nodes)


def tender_plans(node: Node | None, scope: Scope) -> tuple[TenderPlan, ...]:
    """The ways of payment."""
    plans = []
    for each in node.items(scope.problems, "a list of tenders") if node else []:
        nodes = each.fields(scope.problems, (*TENDER_FIELDS, "when", "each"), required=("kind",))
        if "kind" in nodes:
            inner, label, getter = within(nodes, scope)
            fields = Scope(inner, None).fields(nodes, TENDER_FIELDS, ("kind",))
            when = scope.condition(nodes["when"]) if "when" in nodes else None
            plans.append(TenderPlan(fields, "amount" in nodes, when, getter, label))
    return tuple(plans)


def taxes_reader(node: Node | None, scope: Scope) -> Reader | None:
    """The reader of taxes: `- {each: tax_lines, name: title, amount: price, rate: rate}`; without `each` one tax."""
    plans = []
    for each in node.items(scope.problems, "a list of taxes") if node else []:
        nodes = each.fields(scope.problems, TAX_KEYS, required=("name", "amount"))
        if "name" in nodes and "amount" in nodes:
            inner, label, getter = within(nodes, scope)
            rate = inner.reader(nodes["rate"], "rate") if "rate" in nodes else None
            amount = inner.reader(nodes["amount"], "money", is_required="each" in nodes)
            plans.append(TaxPlan(inner.reader(nodes["name"], "text"), amount, rate, getter, label))
    return read_taxes(plans) if node else None


def discount_plan(node: Node | None, lines: Scope | None, scope: Scope) -> DiscountPlan | None:
    """The discounts of an order, and what each gave: see `discounts` in docs/reference/channels.md."""
    if node is None or lines is None:
        return None
    nodes = node.fields(scope.problems, DISCOUNT_KEYS, required=("each", "promotion"))
    if "each" not in nodes or "promotion" not in nodes:
        return None
    inner, _, getter = within(nodes, scope)
    if getter is None:
        return None
    code = inner.reader(nodes["code"], "text") if "code" in nodes else read_constant(None)
    promotion = inner.reader(nodes["promotion"], "text")
    on_lines = _allocations(nodes.get("on_lines"), lines)
    return DiscountPlan(getter, promotion, code, on_lines, _allocations(nodes.get("on_shipping"), scope))


def _allocations(node: Node | None, scope: Scope) -> Allocations | None:
    nodes = node.fields(scope.problems, ALLOCATION_KEYS, required=ALLOCATION_KEYS) if node else {}
    if len(nodes) < len(ALLOCATION_KEYS):
        return None
    inner, _, getter = within(nodes, scope)
    assert getter is not None, "`each` is required"
    return Allocations(getter, inner.reader(nodes["of"], "integer"), inner.reader(nodes["amount"], "money"))
