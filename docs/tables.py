"""Tables: what the reference pages say of words, commands, events, refusals, policies, invariants and ports."""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

import segue.core
from segue import ports
from segue.checker.properties import SENTENCES
from segue.connectors.journal import ROOTS
from segue.core import conditions, policy, tally
from segue.core.base import Command, Refusal, Value
from segue.core.conditions import calls
from segue.core.conditions.vocabulary import TYPES, Name
from segue.core.decide import COMMANDS, EVENTS, SUBJECTS
from segue.core.ledger import ENTRIES
from segue.core.mistakes import MISTAKES
from segue.core.outside import EFFECTS
from segue.core.stock import MOVES as STOCK_MOVES
from segue.core.tasks import REQUESTS
from segue.core.vocabulary import MONEY_STATES, vocabulary
from segue.loader.arguments import Slot, slots_of_policy
from segue.settings import registry

CORE = Path(segue.core.__file__).parent
LIMITS = ("TEXT_MAX", "NODES_MAX", "DEPTH_MAX", "LITERAL_MAX", "INT_MAX")
GROUPS = {
    "money": "Money",
    "coupons": "Coupons",
    "stock": "Stock",
    "flow": "Flow",
    "effects": "Effects on the outside world",
    "documents": "Documents and settlements",
    "subscriptions": "Subscriptions",
}  # segue/store/audit_NAME.py


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    assert len(lines) > 2, f"nothing was found for the table of {', '.join(columns)}"
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def code(text: object) -> str:
    """A name as code."""
    return f"`{text}`"


def sentence(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def words() -> str:
    """The words about the whole order."""
    names = {name: word for name, word in vocabulary().names.items() if not _is_count(name, word)}
    rows = [(code(name), TYPES[word.type], word.meaning, _fact(word.fact)) for name, word in sorted(names.items())]
    return table(("word", "is", "what it says", "changed from outside by"), rows)


def line_words() -> str:
    """The words about a line."""
    names = {name: word for name, word in vocabulary().line_names.items() if not _is_count(name, word)}
    rows = [(code(f"line.{name}"), TYPES[word.type], word.meaning) for name, word in names.items()]
    return table(("word", "is", "what it says"), rows)


def state_words() -> str:
    """The counts of units and of money."""
    known = vocabulary().names
    units = [(code(state), known[state].meaning, code(f"line.{state}")) for state in tally.STATES]
    money = [
        (code(name), word.meaning, "")
        for name, word in known.items()
        if _is_count(name, word) and name not in tally.STATES
    ]
    return table(("word", "what it counts", "of a line"), [*units, *money])


def _is_count(name: str, word: Name) -> bool:
    return name in tally.STATES or word.meaning == f"minor units that are {name}"


def _fact(fact: str | None) -> str:
    return {None: "", "item": "the catalog", "stock": "stock", "past": "other orders of the customer"}[fact]


def functions() -> str:
    """The functions of the condition language."""
    shown: dict[Any, list[str]] = {}
    for name, check in calls.FUNCTIONS.items():
        shown.setdefault(check, []).append(code(name))
    return table(
        ("functions", "what they give"), [(", ".join(names), sentence(check)) for check, names in shown.items()]
    )


def limits() -> str:
    """The limits of a condition."""
    source = inspect.getsource(conditions.limits)
    comments = dict(re.findall(r"^(\w+_MAX) = .*?  # (.*)$", source, re.MULTILINE))
    return table(("limit", "", "of"), [(code(n), f"{getattr(conditions, n):,}", comments[n]) for n in LIMITS])


def commands() -> str:
    """Every command, by subject."""
    found = {name: kind for subject in SUBJECTS for name, kind in COMMANDS.items() if kind in decisions_of(subject)}
    rows = [(code(name), sentence(kind), _fields(kind), _decision(kind)) for name, kind in found.items()]
    return table(("command", "what it asks", "takes", "answer"), rows)


def decisions_of(subject: ModuleType) -> dict[type[Command], Callable[..., Any]]:
    """What a subject decides; some only tell what becomes of others' commands."""
    found: dict[type[Command], Callable[..., Any]] = getattr(subject, "DECISIONS", {})
    return found


def _decision(kind: type) -> str:
    for subject in SUBJECTS:
        if kind in decisions_of(subject):
            return sentence(decisions_of(subject)[kind])
    raise AssertionError(kind)


def events() -> str:
    """Every event, and what leaves the order because of it."""
    found = {name: kind for subject in SUBJECTS for name, kind in EVENTS.items() if kind in subject.EVOLUTIONS}
    rows = [(code(name), sentence(kind), _fields(kind, ("because",)), _leads_to(kind)) for name, kind in found.items()]
    return table(("event", "what happened", "says", "with it, in the same transaction"), rows)


def _leads_to(kind: type) -> str:
    found = [f"task {code(REQUESTS[kind][0])} for the {REQUESTS[kind][1]}"] if kind in REQUESTS else []
    found += ["moves of stock"] if kind in STOCK_MOVES else []
    found += ["ledger entries"] if kind in ENTRIES else []
    return ", ".join(found)


def _fields(kind: type[msgspec.Struct], without: tuple[str, ...] = ()) -> str:
    fields = [field for field in msgspec.structs.fields(kind) if field.name not in without]
    return ", ".join(f"{code(field.name)}{'' if field.required else '?'}" for field in fields)


def mistakes() -> str:
    """What can be wrong about the amounts of an order."""
    return table(("mistake", "what it says"), [(code(name), said) for name, said in MISTAKES.items()])


def refusals() -> str:
    """Every refusal, and the subjects of the core that give it."""
    givers: dict[str, list[str]] = {refusal.name: [] for refusal in Refusal}
    for path in sorted(CORE.rglob("*.py")):
        for name in sorted(
            set(re.findall(r"raise Refused\(\s*Refusal\.(\w+)|refusal = Refusal\.(\w+)", path.read_text()))
        ):
            for each in filter(None, name):
                givers[each].append(path.relative_to(CORE).with_suffix("").as_posix())
    for each in re.findall(r"Refusal\.(\w+) if .* else Refusal\.(\w+)", (CORE / "amounts.py").read_text()):
        for name in each:
            givers[name] = sorted({*givers[name], "amounts"})
    rows = [(code(refusal.name), refusal.value, ", ".join(givers[refusal.name])) for refusal in Refusal]
    return table(("refusal", "what it says", "given in `segue/core/`"), rows)


def policies() -> str:
    """Every built-in policy, by kind."""
    parts = []
    for kind, found in registry().items():
        signature, _, meaning = policy.KINDS[kind].partition(": ")
        meaning = meaning or signature
        built_in = [p for p in found.values() if p.function.__module__.startswith("segue.")]
        rows = [(code(p.name), p.sentence, parameters_of(p.function)) for p in built_in]
        parts.append(f"### {kind}\n\n{code(policy.KINDS[kind])}\n\n" + table(("policy", "what it does", "takes"), rows))
    return "\n\n".join(parts)


def parameters_of(function: Any) -> str:
    """What a policy takes, each with its usual value."""
    signature = inspect.signature(function)
    slots = slots_of_policy(function).values()
    return ", ".join(_parameter(slot, signature.parameters[slot.name].default) for slot in slots)


def _parameter(slot: Slot, default: Any) -> str:
    if slot.required:
        return code(slot.short)
    if slot.name.endswith("_s"):
        default = _duration(default)
    return f"{code(slot.short)} ({default})"


def _duration(seconds: int) -> str:
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def properties() -> str:
    """Every property that `segue check` looks for."""
    return table(("property", "what holds"), [(f"`{name}`", sentence) for name, sentence in SENTENCES.items()])


def accounts() -> str:
    """The first word of each account, and where it belongs in a journal."""
    rows = [(code(account), code(place)) for account, place in ROOTS.items()]
    return table(("account", "in a journal"), rows)


def invariants() -> str:
    """Every invariant that `segue audit` checks."""
    parts = []
    for part, title in GROUPS.items():
        rules = import_module(f"segue.store.audit_{part}").RULES
        rows = [(rule.id, rule.sentence, _asked_of({check.whole for check in rule.checks})) for rule in rules]
        parts.append(f"### {title}\n\n" + table(("id", "holds", "asked of"), sorted(rows)))
    return "\n\n".join(parts)


def _asked_of(whole: set[bool]) -> str:
    """Who can answer the checks of an invariant."""
    if len(whole) == 2:
        return "an order; some of it of the whole shop"
    return "the whole shop" if whole == {True} else "an order, or all"


def moves() -> str:
    """The legal moves of units."""
    rows = [(code(source), ", ".join(map(code, targets)) or "nowhere") for source, targets in tally.MOVES.items()]
    return table(("from", "to"), rows)


def money_moves() -> list[tuple[str, str, str]]:
    """The moves of amounts that events make, as their subjects declare them: from, to, event."""
    return [
        (source, target, kind.__name__)
        for kind, effect in EFFECTS.items()
        for target, sources in effect.items()
        for source in sources
        if target in MONEY_STATES and source
    ]


def money_table() -> str:
    """The moves of amounts as a table."""
    return table(("from", "to", "with the event"), [tuple(map(code, move)) for move in money_moves()])


def port_table() -> str:
    """The ports, and their methods."""
    rows = []
    for name, kind in vars(ports).items():
        if (
            inspect.isclass(kind)
            and kind.__module__.startswith(ports.__name__)
            and getattr(kind, "_is_protocol", False)
        ):
            methods = [method for method in vars(kind) if not method.startswith("_")]
            rows.append((code(name), sentence(kind), ", ".join(map(code, methods))))
    return table(("port", "what it is", "methods"), rows)


def shapes() -> str:
    """The values that cross the ports."""
    kinds = [kind for kind in vars(ports).values() if inspect.isclass(kind) and issubclass(kind, Value)]
    own = [kind for kind in kinds if kind.__module__.startswith(ports.__name__)]
    return table(("value", "what it is"), [(code(kind.__name__), sentence(kind)) for kind in own])
