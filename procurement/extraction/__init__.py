"""Reads receipts: one format per file, one shape out. Pure Python, no network, never raises for bad input."""

from procurement.extraction.data import InvoiceData, Item
from procurement.extraction.limited import run_limited
from procurement.extraction.reader import read

__all__ = ["InvoiceData", "Item", "read", "run_limited"]
