"""Reading YAML: positions, limits, and that whatever could be hostile is refused at once (T48)."""

from pathlib import Path

import pytest

from segue.loader.problems import PROBLEMS_MAX, Problems, Spot
from segue.loader.reading import NODES_MAX, SIZE_MAX, parse_tree, read_tree
from segue.loader.tree import Node
from tests.effort import CALLS_AT_ONCE, calls_of

BOMBS: dict[str, tuple[str | bytes, str]] = {
    "an anchor": ("a: &x [1]\nb: [*x, *x]\n", "1:4: anchors (`&x`) are not allowed; write it out"),
    "an alias": ("a: *x\n", "1:4: aliases (`*x`) are not allowed; write it out"),
    "a billion laughs": (
        "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)),
        "1:4: anchors (`&a`) are not allowed; write it out",
    ),
    "a merge key": ("a: 1\n<<: {b: 1}\n", "2:1: merge keys (`<<`) are not allowed; write it out"),
    "a tag": (
        "a: !!python/object/apply:os.system [x]\n",
        "1:4: tags (`!...`) are not allowed; put a text with `!` into quotes",
    ),
    "a directive": ("%TAG ! tag:x\n---\na: 1\n", "1:1: directives (`%...`) are not allowed"),
    "many directives": ("%TAG !a! x\n" * 40_000, "1:1: directives (`%...`) are not allowed"),
    "deep nesting in lines": ("[\n" * 90_000, "31:1: lists and mappings are nested at most 30 deep"),
    "deep nesting in a line": ("- " * 9_000, "1:61: lists and mappings are nested at most 30 deep"),
    "deep nesting in a long line": ("[" * 90_000, "1:1: the line is too long: it may have 20000 characters"),
    "deep mappings": ("{a: " * 4_000, "1:121: lists and mappings are nested at most 30 deep"),
    "too many values": ("- a\n" * 240_000, f"1:1: the file has too many values: it may have {NODES_MAX}"),
    "too many commas": ("[" + "a,\n" * 300_000, f"1:1: the file has too many values: it may have {NODES_MAX}"),
    "a scalar of a megabyte": ("a: " + "x" * 990_000, "1:1: the line is too long: it may have 20000 characters"),
    "ten megabytes": ("x" * 10_000_000, f"1:1: the file is too big: it may have {SIZE_MAX} bytes"),
    "ten megabytes of bytes": (b"x" * 10_000_000, f"1:1: the file is too big: it may have {SIZE_MAX} bytes"),
    "a list as a key": ("{[a]: 1}\n", "1:2: a key is a text, not a list"),
    "two documents": ("---\na: 1\n---\nb: 1\n", "3:1: a file has one document, and here begins another"),
    "a null character": ("a: \0\n", "1:4: the character U+0000 is not allowed in YAML"),
    "a byte that is not UTF-8": (b"a: \xff\n", "1:4: this byte is not UTF-8; save the file as UTF-8"),
    "nothing": ("# nothing\n", "1:1: the file is empty"),
    "a colon in a text": (
        "a: b: c\n",
        "1:5: this is not YAML: mapping values are not allowed in this context; put a text with `: ` into quotes",
    ),
    "a tab": (
        "a:\n\t- b\n",
        "2:1: this is not YAML: found character that cannot start any token; indent with blanks, not with tabs",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_could_be_hostile_is_refused_at_once(name: str) -> None:
    text, expected = BOMBS[name]
    problems = Problems()
    assert calls_of(lambda: parse_tree(text, "a.yaml", problems)) <= CALLS_AT_ONCE
    assert [str(problem) for problem in problems.sorted()] == [f"a.yaml:{expected}"]


def test_keys_that_are_given_twice_are_all_found() -> None:
    problems = Problems()
    parse_tree("a: 1\nb: {c: 1, c: 2}\na: 2\n", "a.yaml", problems)
    assert [str(problem) for problem in problems.sorted()] == [
        "a.yaml:2:11: key `c` is given twice; it stands in line 2 too",
        "a.yaml:3:1: key `a` is given twice; it stands in line 1 too",
    ]


def test_a_file_of_nothing_but_the_same_key_is_not_read_to_its_end() -> None:
    problems = Problems()
    assert parse_tree("a: 1\n" * 40_000, "a.yaml", problems) is None
    assert str(problems.sorted()[-1]) == "a.yaml:22:1: too many keys are given twice: the rest was not read"


@pytest.mark.parametrize(
    "text",
    [
        ("a: " + "x" * 19_990 + "\n") * 45,
        "a: |\n" + "  x\n" * 240_000,
        "a: >\n" + "  x\n\n" * 190_000,
        "a: '" + ("'" * 19_000 + "\n") * 45,
        "a: " + ("x " * 9_000 + "\n  ") * 45,
        "\n" * 990_000,
        "# x\n" * 240_000,
        "".join(f"k{number}: 1\n" for number in range(49_000)),
    ],
)
def test_the_biggest_files_that_are_allowed_take_no_more_than_their_size(text: str) -> None:
    assert calls_of(lambda: parse_tree(text, "a.yaml", Problems())) <= 5 * len(text)


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    problems = Problems()
    assert read_tree(tmp_path / "no.yaml", "no.yaml", problems) is None
    assert [str(p) for p in problems.sorted()] == ["no.yaml:1:1: the file cannot be read: no such file or directory"]


def test_a_big_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(1_000_000_000)
    problems = Problems()
    assert calls_of(lambda: read_tree(path, "big.yaml", problems)) <= CALLS_AT_ONCE
    assert len(problems) == 1


def tree(text: str) -> Node:
    """The tree of a text that can be read."""
    problems = Problems()
    node = parse_tree(text, "a.yaml", problems)
    assert node is not None
    assert len(problems) == 0
    return node


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("a: grade > hols\n", "hols", (1, 12)),
        ("a: 'grade > hols'\n", "hols", (1, 13)),
        ("a: 'it''s'\n", "it", (1, 5)),
        ('a: "grade > hols"\n', "hols", (1, 13)),
        ("a: >\n  grade\n  > hols\n", "hols", (3, 5)),
        ("a: |\n\n  grade\n    > hols\n", "hols", (4, 7)),
        ("a: grade\n  > hols\n", "hols", (2, 5)),
        ("ä: 'ö > hols'\n", "hols", (1, 9)),
    ],
)
def test_a_place_within_a_text_is_found_in_the_file(text: str, word: str, place: tuple[int, int]) -> None:
    (scalar,) = tree(text).content.values()
    before = scalar.content[: scalar.content.index(word)].split("\n")
    assert scalar.spot_of(len(before), len(before[-1])) == Spot("a.yaml", *place)


def test_texts_are_texts_until_somebody_asks_for_more() -> None:
    problems = Problems()
    node = tree("{country: NO, on: 1_000, off: true, rate: 0.5, wait: 2d, none: ~, quoted: '7'}\n")
    assert node.content["country"].text(problems) == "NO"
    assert node.content["on"].text(problems) == "1_000"
    assert node.content["on"].integer(problems) == 1000
    assert node.content["off"].boolean(problems) is True
    assert node.content["rate"].number(problems) == 0.5
    assert node.content["wait"].duration_s(problems) == 172_800
    assert len(problems) == 0
    assert node.plain_value() == {
        "country": "NO", "on": 1000, "off": True, "rate": 0.5, "wait": "2d", "none": None, "quoted": "7",
    }  # fmt: skip


def test_problems_have_a_limit() -> None:
    problems = Problems()
    for line in range(PROBLEMS_MAX + 5):
        problems.add(Spot("a.csv", line + 1), "no")
    assert len(problems) == PROBLEMS_MAX
    assert problems.overflowed
