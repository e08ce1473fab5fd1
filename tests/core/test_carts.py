"""Carts: what they have set aside, where, and until when it counts."""

from segue.core.carts import Cart, Held

CART = Cart("C-1", "web", 0, 900, (Held("CAP", "DAL", 1), Held("SHIRT", "DAL", 2), Held("SHIRT", "MIA", 3)))


def test_a_cart_counts_until_the_instant_at_which_it_ends() -> None:
    assert [CART.is_live(now_s) for now_s in (0, 899, 900, 901)] == [True, True, False, False]


def test_a_cart_knows_how_many_units_it_has_and_where() -> None:
    assert (CART.units, CART.at("SHIRT", "MIA"), CART.at("CAP", "MIA")) == (6, 3, 0)


def test_a_cart_loses_units_in_one_place_only_and_keeps_no_empty_one() -> None:
    assert CART.less("SHIRT", "DAL", 1).held == (
        Held("CAP", "DAL", 1),
        Held("SHIRT", "DAL", 1),
        Held("SHIRT", "MIA", 3),
    )
    assert CART.less("SHIRT", "MIA", 3).held == (Held("CAP", "DAL", 1), Held("SHIRT", "DAL", 2))
    assert CART.less("HAT", "DAL", 1) == CART
