"""Invented e-invoices that look and read like real ones: for the demo year and for tests. Same spec, same bytes."""

from __future__ import annotations

from typing import Literal

from assessment.demo.invoice_classic import draw_classic
from assessment.demo.invoice_digital import draw_digital
from assessment.demo.invoice_pen import Pen
from assessment.demo.invoice_spec import InvoiceSpec, ItemSpec, Party
from assessment.demo.invoice_xml import make_ofd, make_xml

Layout = Literal["classic", "digital", "farm"]

__all__ = ["InvoiceSpec", "ItemSpec", "Layout", "Party", "make_invoice_pdf", "make_ofd", "make_xml"]


def make_invoice_pdf(spec: InvoiceSpec, layout: Layout = "digital", *, qr: bool = True) -> bytes:
    """A PDF with a text layer. "classic" wants type 08 or 10 (or 01, 04) with a code; the others 31 or 32."""
    pen = Pen(f"电子发票{spec.number}")
    if layout == "classic":
        draw_classic(pen, spec, qr=qr)
    else:
        draw_digital(pen, spec, qr=qr, mark="农产品收购" if layout == "farm" else "")
    return pen.done()
