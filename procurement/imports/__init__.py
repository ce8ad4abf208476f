"""Workbooks in: one kind of workbook a file. All or nothing: any bad row, and nothing is stored."""

from procurement.imports.bases import load_bases
from procurement.imports.people import load_people
from procurement.imports.purchases import load_purchases
from procurement.imports.report import Problem, Rejected, Report
from procurement.imports.units import load_units

__all__ = ["Problem", "Rejected", "Report", "load_bases", "load_people", "load_purchases", "load_units"]
