"""Files: what the answers come to, written into a shop's folder with the reasons beside it."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files as resources
from pathlib import Path
from string import Template
from typing import Any

from segue.loader.library import read_library
from segue.loader.problems import Problems
from segue.main.init.answers import ALWAYS_CHECKED, Answers
from segue.main.init.countries import COUNTRIES
from segue.main.init.examples import EXAMPLES

PREBUILT = (
    "standard", "fraud_review", "store_first", "ship_complete", "store_pickup", "ship_to_store", "drop_ship",
    "subscription", "preorder", "backorder", "scheduled", "made_to_order", "bundle", "digital", "gift_card",
)  # fmt: skip
INDENT = "    "
TOLD_ANYWAY = "# `on:` has nothing here, since the prebuilt workflow tells them all of that."
ONE_PARCEL_FOLDERS = """\
folders:
  can_ship_now: {when: backordered > 0 and available >= backordered, owner: stock}
  incomplete: {when: backordered > 0 and available > 0 and available < backordered, owner: stock, within: 7d}

"""
SPLITS = {"store_first": "  split:\n    - shipments_at_most: {count: 3}\n", "one_parcel": "  split: [one_shipment]\n"}
REVIEW = """\

  # Signs of fraud, with their points; from 30 points on an order waits in the folder `review` until it is cleared.
  # The prebuilt `fraud_review` has more of them, and the bands.
  grade:
    high_value: {from_minor: 30_000, points: 40}
    country_mismatch: 30
"""


def workflow_name(shop: str) -> str:
    """A name for the shop's own workflow, made from the shop's."""
    plain = re.sub("[^a-z0-9]+", "_", shop.lower()).strip("_")[:32]
    name = plain if plain[:1].isalpha() else f"shop_{plain}".strip("_")
    return f"own_{name}" if name in PREBUILT else name


def files_of(answers: Answers, now_s: int) -> dict[str, str]:
    """The files of a shop, by path. `now_s` is when its example orders are placed."""
    name = workflow_name(answers.name)
    country = COUNTRIES.get(answers.country)
    place = (country.latitude, country.longitude) if country else None
    made = {
        "shop.yaml": _filled(
            "shop.yaml",
            name=json.dumps(answers.name, ensure_ascii=False),
            currency=answers.currency,
            time_zone=country.time_zone if country else "UTC",
            channels=", ".join(answers.sources.values),
            workflow=name,
        ),
        f"workflows/{name}.yaml": _workflow(name, answers),
        "locations.yaml": _filled(
            "locations.yaml", country=answers.country, main=_degrees(place, 0.0), shop=_degrees(place, 0.2)
        ),
        "catalog.csv": _text("catalog.csv"),
        "promotions.yaml": _text("promotions.yaml"),
        "stock.csv": _text("stock.csv"),
        "taxes.yaml": _text("taxes.yaml"),
    }
    for channel in answers.sources.values:
        made[f"channels/{channel}.yaml"] = _text(f"{channel}.yaml")
        order = EXAMPLES[channel](answers.country, answers.currency, country, now_s)
        made[f"orders/example-{channel}.json"] = json.dumps(order, indent=2, ensure_ascii=False) + "\n"
    return made


def _workflow(name: str, answers: Answers) -> str:
    checks = [f"{INDENT}- {check.word} # {check.meaning}" for check in (*answers.checks, *ALWAYS_CHECKED)]
    return _filled(
        "workflow.yaml",
        workflow=name,
        base="fraud_review" if answers.review else "standard",
        validate="\n".join(checks),
        routing=answers.route.meaning,
        rank=", ".join(answers.route.values),
        split=SPLITS.get(answers.route.word, ""),
        capture=answers.capture.word,
        capture_words=answers.capture.meaning,
        review=REVIEW if answers.review else "",
        folders=ONE_PARCEL_FOLDERS if answers.route.word == "one_parcel" else "",
        told_words=answers.updates.meaning,
        on=_reactions(frozenset(answers.updates.values)),
    )


def _reactions(told: frozenset[str]) -> str:
    """What follows events of which the channel is not to be told: all that the prebuilt workflow does, but that."""
    lines = []
    for event, reactions in _prebuilt_reactions().items():
        kept = [each for each in reactions if each["do"].get("update", "") in ("", *told)]
        if len(kept) < len(reactions):
            lines += [f"  {event}:{'' if kept else ' []'}", *(line for each in kept for line in _reaction(each))]
    return (
        "\n".join(["on:", *lines])
        if lines
        else "# `on:` has nothing here, since the prebuilt workflow tells them all of that."
    )


def _prebuilt_reactions() -> dict[str, list[dict[str, Any]]]:
    tree = read_library(None, Problems()).find("standard")
    assert tree is not None, "the prebuilt workflow `standard` is gone"
    reactions: dict[str, list[dict[str, Any]]] = tree.content["on"].plain_value()
    return reactions


def _reaction(reaction: dict[str, Any]) -> Iterator[str]:
    command = ", ".join(f"{key}: {value}" for key, value in reaction["do"].items())
    yield f"    - do: {{{command}}}"
    for key in reaction.keys() - {"do"}:
        yield f"      {key}: {reaction[key]}"


def _degrees(place: tuple[float, float] | None, apart: float) -> str:
    if place is None:
        return ""
    return f", latitude: {place[0] + apart:.1f}, longitude: {place[1] + apart:.1f}"


def _text(template: str) -> str:
    return resources("segue.main.init").joinpath("templates", template).read_text("utf-8")


def _filled(template: str, **values: str) -> str:
    return Template(_text(template)).substitute(values)


def write(folder: Path, made: dict[str, str]) -> None:
    """Write the files. Raises FileExistsError, and writes none, if one is there already."""
    for name in made:
        if (folder / name).exists():
            raise FileExistsError(name)
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
