"""Questions: the few that decide a flow, asked one after the other. An empty answer takes the first choice."""

import re
from collections.abc import Callable, Sequence

from segue.core.amounts import CURRENCIES
from segue.main.failing import WRONG_USE, Failed
from segue.main.init.answers import CAPTURES, CHECKS, ROUTES, SOURCES, UPDATES, Answers, Choice
from segue.main.init.countries import COUNTRIES
from segue.main.output import say

COUNTRY = re.compile("[A-Z]{2}")


def usual(name: str) -> Answers:
    """What most shops answer."""
    return Answers(name)


def ask_all(name: str) -> Answers:
    """The answers of whoever sits at the terminal. Raises Failed if nobody does."""
    say("A few questions. Enter takes the answer in brackets; everything can be changed in the files later.\n")
    name = _ask(
        "What is the shop called?", name, lambda text: "" if text.isprintable() else "Letters and digits, please."
    )
    country = _ask("In which country is it? (ISO 3166-1: US, DE ...)", "US", _wrong_country, str.upper)
    known = COUNTRIES.get(country)
    theirs = known.currency if known else "EUR"
    currency = _ask("In which currency does it sell? (ISO 4217)", theirs, _wrong_currency, str.upper)
    say("\nWhat makes an order valid? One that fails waits in a folder for a person, or until it passes.")
    checks = tuple(check for check in CHECKS if _yes(f"  Check that {check.meaning}?"))
    route = _choose("\nWhere do the goods come from?", ROUTES)
    capture = _choose("\nWhen is a customer's payment taken?", CAPTURES)
    review = _yes("\nAre suspicious orders held and checked for fraud?")
    sources = _choose("\nWhich channels send you orders?", SOURCES)
    updates = _choose("\nWhat are the channels told?", UPDATES)
    return Answers(name, country, currency, checks, route, capture, review, sources, updates)


def _wrong_country(text: str) -> str:
    return "" if COUNTRY.fullmatch(text) else "Two letters, as in ISO 3166-1."


def _wrong_currency(text: str) -> str:
    return "" if text in CURRENCIES else "Three letters, as in ISO 4217: USD, EUR, JPY."


def _yes(question: str) -> bool:
    def wrong(text: str) -> str:
        return "" if text in ("y", "yes", "n", "no") else "y or n."

    return _ask(question, "y", wrong, str.lower).startswith("y")


def _choose(question: str, choices: Sequence[Choice]) -> Choice:
    say(question)
    for number, choice in enumerate(choices, 1):
        say(f"  {number}  {choice.meaning}")

    def wrong(text: str) -> str:
        return "" if text.isdecimal() and 1 <= int(text) <= len(choices) else f"A number from 1 to {len(choices)}."

    return choices[int(_ask("Which?", "1", wrong)) - 1]


def _ask(question: str, usual: str, wrong: Callable[[str], str], tidy: Callable[[str], str] = str) -> str:
    while True:
        try:
            text = tidy(input(f"{question} [{usual}] ").strip() or usual)
        except EOFError as error:
            raise Failed("Nobody answers. `--yes` takes the usual answers.", WRONG_USE) from error
        complaint = wrong(text)
        if not complaint:
            return text
        say(f"  {complaint}")
