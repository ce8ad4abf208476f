"""`verify` finds sums, receipts and audit links that were changed behind the system's back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cixi_xiezuo.audit import AuditHead
from procurement.models import StoredFile, Tally
from procurement.receipts import path_of
from tests.factories import make_policy, make_purchase, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def purchase() -> None:
    make_policy()
    make_purchase(make_unit("D01"), receipt=b"an invoice")


def test_it_says_that_all_is_well(run) -> None:
    outcome = run("verify")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "合计与明细：一致",
        "票据文件：一致",
        "审计链：一致",
        "封账快照：一致",
        "封账评分：一致",
    ]


def test_it_finds_a_changed_sum(run) -> None:
    Tally.objects.filter(period=0).update(direct_east_west=Decimal("1.00"))
    outcome = run("verify")
    assert outcome.code == 1
    assert "合计不符：2021 年" in outcome.out
    assert "发现 1 处问题" in outcome.err


def test_it_finds_a_receipt_changed_on_disk(run, media: Path) -> None:
    file = StoredFile.objects.get()
    path = media / path_of(file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"another invoice")
    outcome = run("verify")
    assert outcome.code == 1
    assert f"票据文件与校验值不符：{file.sha256}" in outcome.out


def test_it_finds_a_trail_cut_off(run) -> None:
    AuditHead.objects.filter(stream="D01").update(seq=1)
    outcome = run("verify")
    assert outcome.code == 1
    assert "审计链 D01" in outcome.out
