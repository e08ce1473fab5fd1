"""Exploding: each line of a bundle becomes one line for each of its parts, with its cents.

What a bundle costs is spread over its parts by what each costs alone, or by declared weights (M9, M3). A part's list price
is what it costs alone, and what the bundle is cheaper by is a discount on it; so lines add up to the cent, as before.
Discounts, those that promotions gave among them, lie on the parts by what is left to pay for each (M6); taxes too.
"""

from collections.abc import Iterator, Sequence
from itertools import count

from msgspec.structs import replace

from segue.core.amounts import of_units, spread
from segue.core.bundles import Bundle, Recipes, Rules
from segue.core.contents import Content, Items, Maker, dealt, groups_in, skus_in, wrong_choice
from segue.core.draft import Draft, DraftLine, Grant, Mistake, Tax
from segue.core.facts import Facts
from segue.core.tally import Units

UNLIKE = "bundles_unlike_their_lines"


class Made:
    """A line of a draft, and the lines that it is made into."""

    __slots__ = ("bundles", "first", "given", "lines", "per_bundle", "sold")

    def __init__(self, sold: DraftLine, first: int) -> None:
        self.sold = sold
        self.first = first  # the number of the first of the lines
        self.lines: list[DraftLine] = [sold]
        self.per_bundle = [1]  # units of each in one bundle
        self.bundles: dict[str, Bundle] = {}
        self.given: list[list[int]] = []  # of what each grant gave to the line, what lies on each of the lines

    def units(self, of_line: Units) -> dict[int, Units]:
        """The units of its lines that belong to these bundles."""
        return {
            number: tuple(((first - 1) * per + 1, last * per) for first, last in of_line)
            for number, per in enumerate(self.per_bundle, self.first)
        }


def in_parts(draft: Draft, facts: Facts) -> Draft:
    """A draft with the shop's bundles made into their parts; as it is where it has none.

    What a channel has made into parts itself stays so, if its bundles and its lines agree.
    """
    if draft.bundles and not fits(draft):
        mistake = Mistake("bundles", UNLIKE, ", ".join(draft.bundles), "the lines of each, with all of its units")
        draft = replace(draft, bundles={}, mistakes=(*draft.mistakes, mistake))
    if not has_bundles(draft, facts.recipes):
        return draft
    return exploded(draft, facts.recipes, facts.listed(skus_needed(draft, facts.recipes)))[0]


def has_bundles(draft: Draft, recipes: Recipes) -> bool:
    """Whether any line of a draft is of a bundle of the shop."""
    return bool(recipes) and any(line.sku in recipes for line in draft.lines)


def skus_needed(draft: Draft, recipes: Recipes) -> frozenset[str]:
    """The articles of a draft, with all that its bundles are made of."""
    found: set[str] = set()
    for line in draft.lines:
        found |= skus_in(line.sku, recipes)
    return frozenset(found)


def fits(draft: Draft) -> bool:
    """Whether the bundles of a draft are made of its lines, with all of their units."""
    innermost = {number for number, line in enumerate(draft.lines, 1) if line.bundle}
    before = {""}  # what a bundle is inside stands before it, so that none is inside itself
    for key, bundle in draft.bundles.items():
        if bundle.quantity < 1 or not bundle.parts or bundle.inside not in before:
            return False
        before.add(key)
        for number, per in bundle.parts.items():
            if number not in innermost or draft.lines[number - 1].quantity != per * bundle.quantity:
                return False
    own = ((number, draft.bundles.get(draft.lines[number - 1].bundle)) for number in innermost)
    return all(bundle is not None and number in bundle.parts for number, bundle in own)


def exploded(draft: Draft, recipes: Recipes, items: Items) -> tuple[Draft, list[Made]]:
    """The draft with its bundles made into their parts, and what became of each line.

    A line whose choice or amounts cannot be right stays as it is; a check says so.
    """
    maker, made, number = Maker(recipes, items), [], 1
    keys = (key for key in map("B{}".format, count(1)) if key not in draft.bundles)
    for position, sold in enumerate(draft.lines, 1):
        here = Made(sold, number)
        if is_made(sold, recipes):
            tree = maker.content(sold.sku, sold.properties)
            _collect(here, tree, maker, keys)
            _price(here, tree, maker, [grant.given.get(position, 0) for grant in draft.grants])
        made.append(here)
        number += len(here.lines)
    grants = tuple(_granted(grant, at, made, draft.taxes_included) for at, grant in enumerate(draft.grants))
    lines = tuple(line for each in made for line in each.lines)
    bundles = {key: _moved(bundle, made) for key, bundle in draft.bundles.items()}
    for each in made:
        bundles |= each.bundles
    return replace(draft, lines=lines, grants=grants, bundles=bundles), made


def is_made(sold: DraftLine, recipes: Recipes) -> bool:
    """Whether a line is of a bundle that can be made into its parts."""
    recipe = recipes.get(sold.sku)
    if recipe is None or sold.quantity < 1 or not 0 <= sold.discount_minor <= sold.price_minor * sold.quantity:
        return False
    return not any(wrong_choice(recipe, sold.properties, recipes))


def _moved(bundle: Bundle, made: Sequence[Made]) -> Bundle:
    """A bundle that the channel had made into parts, whose lines have other numbers now."""
    parts = {made[number - 1].first: per for number, per in bundle.parts.items()}
    saved = {made[number - 1].first: saved for number, saved in bundle.saved_minor.items()}
    return replace(bundle, parts=parts, saved_minor=saved)


def _collect(made: Made, tree: Content, maker: Maker, keys: Iterator[str]) -> None:
    """The lines and the bundles that a line of a bundle becomes, still without amounts."""
    sold, recipe = made.sold, maker.recipes[made.sold.sku]
    names = [group.name for group in groups_in(recipe, maker.recipes)]
    choice = {name: text for name, text in sold.properties.items() if name in names}
    rest = {name: text for name, text in sold.properties.items() if name not in names}
    made.lines, made.per_bundle = [], []
    key = next(keys)
    made.bundles[key] = Bundle(sold.sku, sold.quantity, {}, price_minor=sold.price_minor, choice=choice)
    _put(made, tree, 1, key, rest, maker, keys)
    outer = made.bundles[key]
    title = sold.title or outer.title
    made.bundles[key] = replace(outer, title=title, price_minor=sold.price_minor, choice=choice)


def _put(
    made: Made, tree: Content, per: int, key: str, rest: dict[str, str], maker: Maker, keys: Iterator[str]
) -> dict[int, int]:
    """The lines of a bundle and of those inside it: each with how many units one of the outermost has of it."""
    quantity, parts = made.sold.quantity * per, dict[int, int]()
    for each in tree.inside:
        many = per * each.count
        if each.inside:
            inner = next(keys)
            made.bundles[inner] = Bundle(each.sku, quantity * each.count, {}, inside=key)
            parts |= _put(made, each, many, inner, rest, maker, keys)
        else:
            item = maker.items.get(each.sku)
            title = item.title if item is not None else ""
            location, units = made.sold.location, made.sold.quantity * many
            made.lines.append(
                DraftLine(
                    each.sku, units, 0, title=title, properties=rest, location=location, bundle=key,
                    deliver_on=made.sold.deliver_on,
                )
            )  # fmt: skip
            made.per_bundle.append(many)
            parts[made.first + len(made.lines) - 1] = many
    recipe, item = maker.recipes[tree.sku], maker.items.get(tree.sku)
    made.bundles[key] = replace(
        made.bundles[key],
        parts={number: units // per for number, units in parts.items()},
        title=recipe.title or (item.title if item is not None else ""),
        kind=recipe.kind,
        rules=_rules(maker.recipes[made.sold.sku].rules, recipe.rules),
    )
    return parts


def _rules(outer: Rules, own: Rules) -> Rules:
    """What is inside a bundle follows the rules of the one that is sold; it may lie ready packed itself."""
    return replace(outer, prepacked=own.prepacked)


def _price(made: Made, tree: Content, maker: Maker, given: Sequence[int]) -> None:
    """Deal the amounts of the line to the lines that it is made into."""
    sold = made.sold
    gross = dealt(sold.price_minor * sold.quantity, tree)
    left = list(gross)
    is_part = sum(given) <= sold.discount_minor and not any(off < 0 for off in given)  # else a check says so
    made.given = [_off(off, left) if is_part else spread(off, made.per_bundle) for off in given]
    _off(sold.discount_minor - (sum(given) if is_part else 0), left)
    weights = left if any(left) else [1] * len(left)
    taxes = [(tax, spread(tax.amount_minor, weights)) for tax in _taxes(sold)]
    saved: dict[int, int] = {}
    for at, line in enumerate(made.lines):
        theirs = tuple(Tax(tax.name, shares[at], tax.rate) for tax, shares in taxes if shares[at])
        price = max(maker.price(line.sku, sold.properties) or 0, -(-gross[at] // line.quantity))
        saved[made.first + at] = price * line.quantity - gross[at]
        made.lines[at] = replace(
            line,
            price_minor=price,
            discount_minor=price * line.quantity - left[at],
            tax_minor=sum([tax.amount_minor for tax in theirs]),
            taxes=theirs if sold.taxes else (),
        )
    for key, bundle in made.bundles.items():
        here = {number: saved[number] for number in bundle.parts if saved[number]}
        made.bundles[key] = replace(bundle, saved_minor=here)


def _off(amount_minor: int, left: list[int]) -> list[int]:
    """Take an amount off what is left to pay for each of the lines; how much off each is answered."""
    shares = spread(amount_minor, left)
    for at, share in enumerate(shares):
        left[at] -= share
    return shares


def _taxes(sold: DraftLine) -> tuple[Tax, ...]:
    """The taxes of a line; one without a name for what no name is said of."""
    unnamed = sold.tax_minor - sum([tax.amount_minor for tax in sold.taxes])
    return (*sold.taxes, Tax("", unnamed)) if unnamed else sold.taxes


def _granted(grant: Grant, at: int, made: Sequence[Made], included: bool) -> Grant:
    """A grant in terms of the lines that its lines were made into."""
    given: dict[int, int] = {}
    without: dict[int, int] = {}
    for position, each in enumerate(made, 1):
        off, amount = grant.given.get(position, 0), grant.without.get(position)
        shares = each.given[at] if each.bundles else [off]
        given |= {number: share for number, share in enumerate(shares, each.first) if share}
        if amount is not None:
            of_group = grant.units.get(position, ())
            without |= _without(each, amount, of_group, included) if each.bundles else {each.first: amount}
    units, condition = _units(grant.units, made), _units(grant.condition, made)
    return replace(grant, given=given, without=without, units=units, condition=condition)


def _without(made: Made, amount_minor: int, units: Units, included: bool) -> dict[int, int]:
    """What the units of a group would cost without the grant: what is paid for them, and their share of the rest."""
    here = made.units(units or ((1, made.sold.quantity),))
    costs = []
    for line, ranges in zip(made.lines, here.values(), strict=True):
        paid = line.price_minor * line.quantity - line.discount_minor + (0 if included else line.tax_minor)
        costs.append(of_units(paid, line.quantity, ranges))
    shares = spread(amount_minor - sum(costs), costs if any(costs) else made.per_bundle)
    return {number: cost + share for number, cost, share in zip(here, costs, shares, strict=True)}


def _units(of_lines: dict[int, Units], made: Sequence[Made]) -> dict[int, Units]:
    found: dict[int, Units] = {}
    for position, units in of_lines.items():
        if 0 < position <= len(made):  # a channel may name lines that are not there; a check says so
            found |= made[position - 1].units(units)
    return found


def folded(draft: Draft, recipes: Recipes) -> Draft:
    """A draft as its customer ordered it: parts are bundles again, to be priced anew by the shop's recipes."""
    roots = {key: key for key, bundle in draft.bundles.items() if not bundle.inside}
    for key, bundle in draft.bundles.items():
        roots.setdefault(key, roots.get(bundle.inside, ""))
    lines: dict[str, DraftLine] = {}
    for number, line in enumerate(draft.lines):
        root = roots.get(line.bundle, "")
        if root not in draft.bundles or draft.bundles[root].sku not in recipes:
            lines[str(number)] = replace(line, bundle="")
        elif root not in lines:
            bundle = draft.bundles[root]
            properties = line.properties | bundle.choice
            lines[root] = DraftLine(
                bundle.sku, bundle.quantity, bundle.price_minor, title=bundle.title, properties=properties,
                location=line.location, deliver_on=line.deliver_on,
            )  # fmt: skip
    return replace(draft, lines=tuple(lines.values()), bundles={})
