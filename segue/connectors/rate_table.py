"""The rate table as a tax service: it is at hand, and always answers."""

from segue.core.pricing.rates import RateTable, quoted
from segue.core.taxes import TaxAnswer, TaxRequest


class TableTaxes:
    """Implements the port `Taxes` with a table of rates."""

    def __init__(self, table: RateTable) -> None:
        self.table = table

    def quote(self, request: TaxRequest) -> TaxAnswer:
        """The taxes that the table asks for."""
        return quoted(self.table, request)
