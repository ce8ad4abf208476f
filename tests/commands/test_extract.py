"""`extract`: one object a file; what cannot be read is a problem, not a traceback."""

from __future__ import annotations

import json
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "samples" / "e-invoice-2020-hotel.ofd"


def test_it_prints_one_object_a_file_in_order(run, tmp_path: Path) -> None:
    junk = tmp_path / "junk.pdf"
    junk.write_bytes(b"not a pdf")
    outcome = run("extract", str(junk), str(SAMPLE), str(tmp_path / "none.ofd"), "--json")
    assert outcome.code == 0
    first, second, third = json.loads(outcome.out)
    assert first["file"] == str(junk)
    assert first["problems"]
    assert (second["invoice_code"], second["invoice_number"]) == ("033002000211", "83089647")
    assert second["source"]["total"] == "xml"
    assert "没有文件" in third["problems"][0]
    assert outcome.err.strip() == third["problems"][0]


def test_it_shows_people_what_was_read(run) -> None:
    outcome = run("extract", str(SAMPLE))
    assert (outcome.code, outcome.err) == (0, "")
    assert "发票号码" in outcome.out
    assert "83089647" in outcome.out
