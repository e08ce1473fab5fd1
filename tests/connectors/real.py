"""What the tests over real channel files are written with.

The files are not part of the project. They are looked for in $SEGUE_DATA, or in shared/data beside the repository; where
they are missing the tests say so and are skipped.
"""

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from segue.connectors.importing import Intake, Received
from segue.core.draft import Draft
from tests.loader.channels import prebuilt

DATA = Path(os.environ.get("SEGUE_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
SHOPIFY = DATA / "channels" / "shopify"
EXPORT_WITHOUT_PRICES = SHOPIFY / "real_csv_export_3087_orders_34col.csv"
EXPORT = SHOPIFY / "real_csv_export_228_orders_79col_masked.csv"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real files are not in {DATA}")


class Taken(NamedTuple):
    """All that came out of some files."""

    intake: Intake
    received: list[Received]

    @property
    def drafts(self) -> dict[str, Draft]:
        """The orders by the channel's id."""
        return {each.mapped.document: each.mapped.draft for each in self.received if each.mapped.draft}

    @property
    def rows(self) -> dict[str, int]:
        """How many rows became what; they always add up."""
        counts = self.intake.counts
        assert counts.read == sum(counts.rows.values())
        return dict(counts.rows)


@cache
def taken(channel: str, *paths: Path, tables: Path | None = None) -> Taken:
    intake = Intake(prebuilt(channel, *([tables] if tables else [])), str.upper)
    return Taken(intake, list(intake.read(paths)))


def parts_of(draft: Draft) -> int:
    """What the parts of an order come to: lines, discount, shipping, charges and taxes."""
    goods = sum(line.price_minor * line.quantity - line.discount_minor for line in draft.lines)
    taxes = sum(line.tax_minor for line in draft.lines) + draft.tax_minor + draft.shipping_tax_minor
    charges = sum(charge.amount_minor for charge in draft.charges)
    return goods - draft.discount_minor + draft.shipping_minor + charges + (0 if draft.taxes_included else taxes)


def paid(draft: Draft) -> int:
    return sum(tender.amount_minor for tender in draft.tenders)
