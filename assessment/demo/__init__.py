"""The demonstration year 2021: invented units, people, purchases and e-invoices."""

from assessment.demo.load import load_demo, logins

__all__ = ["load_demo", "logins"]
