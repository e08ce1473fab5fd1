"""Drawings: the diagrams of states, drawn from the tables of the core as arcs over one line of states."""

from collections.abc import Sequence

from docs.tables import money_moves
from segue.core.tally import AT_REST, HOLDING, LEFT, MOVES

STEP = 112  # between states
TOP = 60  # above the highest arc
LIFT = 0.24  # the height of an arc for each unit of its length
FORWARD, BACKWARD, INK, PAPER = "#1f6f8b", "#c0582b", "#22303a", "#ffffff"
FILLS = {"waiting": "#f3ead7", "holding": "#dcebf0", "left": "#e2efdf", "rest": "#e9e6ef"}
MONEY_ORDER = (
    "due", "authorizing", "authorized", "agreed", "capturing", "captured", "refunding", "refunded", "voiding", "voided",
    "dropped", "charged_back",
)  # fmt: skip

Move = tuple[str, str]


def unit_states() -> str:
    """The states of units: the table MOVES, with the way to `canceled` as a mark, since most states have it."""
    states = [state for state in MOVES if state != "canceled"]
    moves = [(source, target) for source, targets in MOVES.items() for target in targets if target != "canceled"]
    marks = {source for source, targets in MOVES.items() if "canceled" in targets}
    legend = (
        ("forward", FORWARD, "above: onward"),
        ("backward", BACKWARD, "below: back"),
        ("mark", INK, "&#215;: may be canceled; canceled is an end"),
    )
    return _drawn("States of units", states, moves, {state: _kind(state) for state in states}, marks, legend)


def money_states() -> str:
    """The states of a tender's amount, as the evolutions of the core move it."""
    found = list(dict.fromkeys((source, target) for source, target, _ in money_moves()))
    named = {state for move in found for state in move}
    assert named == set(MONEY_ORDER), named ^ set(MONEY_ORDER)
    kinds = {state: "waiting" if state.endswith("ing") else "holding" for state in MONEY_ORDER}
    kinds |= dict.fromkeys(("captured", "refunded", "voided", "dropped", "charged_back"), "left")
    legend = (
        ("forward", FORWARD, "above: asked for, answered"),
        ("backward", BACKWARD, "below: declined, and free again"),
        ("mark", INK, "sand: in flight, cannot be asked for twice"),
    )
    return _drawn("States of money", MONEY_ORDER, found, kinds, set(), legend)


def _kind(state: str) -> str:
    if state in AT_REST:
        return "rest"
    return "holding" if state in HOLDING else "left" if state in LEFT else "waiting"


def _drawn(
    title: str,
    states: Sequence[str],
    moves: Sequence[Move],
    kinds: dict[str, str],
    marks: set[str],
    legend: Sequence[tuple[str, str, str]],
) -> str:
    places = {state: 70 + STEP * number for number, state in enumerate(states)}
    spans = [places[target] - places[source] for source, target in moves]
    middle = TOP + max(LIFT * span for span in spans) + 30
    height = middle + max([LIFT * -span for span in spans if span < 0], default=0) + 110
    width = places[states[-1]] + 70
    parts = [_arc(places[source], places[target], middle) for source, target in moves]
    parts += [_box(state, places[state], middle, FILLS[kinds[state]], state in marks) for state in states]
    parts += [_legend(number, entry, height - 24) for number, entry in enumerate(legend)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" role="img" aria-label="{title}">',
            f"<title>{title}</title>",
            "<style>text{font:13px system-ui,DejaVu Sans,sans-serif;fill:" + INK + "}.t{font-size:17px;font-weight:600}"
            "path{fill:none;stroke-width:1.6}.f{stroke:" + FORWARD + "}.b{stroke:" + BACKWARD + "}</style>",
            f"<defs>{_head('f', FORWARD)}{_head('b', BACKWARD)}</defs>",
            f'<rect width="100%" height="100%" rx="10" fill="{PAPER}"/>',
            f'<text class="t" x="24" y="36">{title}</text>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _head(name: str, color: str) -> str:
    shape = f'<path d="M0 0 8 4 0 8z" style="fill:{color};stroke:none"/>'
    place = 'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"'
    return f'<marker id="{name}" {place}>{shape}</marker>'


def _arc(start: int, end: int, middle: float) -> str:
    """An arc from right of a state's middle to left of another's: above if it goes onward, below if back."""
    onward = end > start
    side, name = (-1, "f") if onward else (1, "b")
    start, end = (start + 14, end - 14) if onward else (start - 14, end + 14)
    edge = middle + side * 17
    peak = edge + side * LIFT * abs(end - start) * 4 / 3
    path = f"M{start} {edge:.0f}C{start} {peak:.0f} {end} {peak:.0f} {end} {edge:.0f}"
    return f'<path class="{name}" d="{path}" marker-end="url(#{name})"/>'


def _box(state: str, x: int, middle: float, fill: str, marked: bool) -> str:
    box = (
        f'<rect x="{x - 48}" y="{middle - 16:.0f}" width="96" height="32" rx="8" fill="{fill}" stroke="{INK}"/>'
        f'<text x="{x}" y="{middle + 5:.0f}" text-anchor="middle">{state}</text>'
    )
    cross = f'<text x="{x + 56}" y="{middle + 5:.0f}" text-anchor="middle">&#215;</text>'
    return box + cross if marked else box


def _legend(number: int, entry: tuple[str, str, str], y: float) -> str:
    _, color, text = entry
    return f'<text x="{24 + number * 300}" y="{y:.0f}" style="fill:{color}">{text}</text>'
