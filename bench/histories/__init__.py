"""Random histories of stock, compared with a naive model."""
