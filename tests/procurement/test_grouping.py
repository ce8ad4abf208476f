"""Which papers belong to which purchase: by amount, seller and day, the same in any order, nothing where unsure."""

from __future__ import annotations

import datetime
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.choices import ReceiptKind
from procurement.grouping import DAYS, Draft, Paper, plain_seller, propose

pytestmark = pytest.mark.nodb
PAYMENT, FREIGHT, CONTRACT = ReceiptKind.PAYMENT, ReceiptKind.FREIGHT, ReceiptKind.CONTRACT
A, B = "布拖高山农产品公司", "昭觉合作社"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"2021-{text}")


def paper(pk, kind=PAYMENT, total=None, on=None, seller=""):
    return Paper(pk, kind, total, on and day(on), seller)


def draft(pk, total=None, on=None, seller="", holds=()):
    return Draft(pk, total, on and day(on), seller, frozenset(holds))


def places(papers, drafts):
    """Paper → purchase; "?" where the clerk is asked; left out where nothing fits."""
    return {pk: each.draft or "?" for pk, each in propose(papers, drafts).items()}


MAY = draft(1, 360500, "05-10", A)
CASES = {
    "one slip, one purchase of its amount": ([paper(9, total=360500, on="05-12")], [MAY], {9: 1}),
    "a slip of another amount": ([paper(9, total=360501, on="05-12", seller=A)], [MAY], {}),
    "a slip of the amount for another seller": ([paper(9, total=360500, on="05-12", seller=B)], [MAY], {}),
    "a slip of the amount half a year away": ([paper(9, total=360500, on="11-12", seller=A)], [MAY], {}),
    "a slip without a day": ([paper(9, total=360500)], [MAY], {9: 1}),
    "a slip of which only the seller was read": ([paper(9, on="05-12", seller=A)], [MAY], {}),
    "a purchase that has its slip": ([paper(9, total=360500)], [draft(1, 360500, holds=[PAYMENT])], {}),
    "a purchase that has a contract": ([paper(9, total=360500)], [draft(1, 360500, holds=[CONTRACT])], {9: 1}),
    "a contract of the amount, a month before": ([paper(9, CONTRACT, 360500, "04-01")], [MAY], {9: 1}),
    "a contract without a sum, with the seller": ([paper(9, CONTRACT, None, "04-01", A)], [MAY], {9: 1}),
    "a contract of another sum with the seller": ([paper(9, CONTRACT, 999, "04-01", A)], [MAY], {}),
    "a freight note with the carriage and the sender": ([paper(9, FREIGHT, 30000, "05-09", A)], [MAY], {9: 1}),
    "a freight note with the carriage alone": ([paper(9, FREIGHT, 30000, "05-09")], [MAY], {}),
    "two freight notes of one purchase": (
        [paper(8, FREIGHT, 30000, "05-09", A), paper(9, FREIGHT, 20000, "05-11", A)], [MAY], {8: 1, 9: 1},
    ),
    "slip, contract and freight note of one purchase": (
        [paper(7, PAYMENT, 360500, "05-12"), paper(8, CONTRACT, 360500, "05-01"), paper(9, FREIGHT, 300, "05-10", A)],
        [MAY], {7: 1, 8: 1, 9: 1},
    ),
    "equal amounts, told apart by the seller": (
        [paper(8, total=500, seller=B), paper(9, total=500, seller=A)],
        [draft(1, 500, "05-10", A), draft(2, 500, "05-10", B)], {8: 2, 9: 1},
    ),
    "equal amounts, told apart by the day": (
        [paper(8, total=500, on="05-01"), paper(9, total=500, on="06-01")],
        [draft(1, 500, "05-02", A), draft(2, 500, "06-02", A)], {8: 1, 9: 2},
    ),
    "equal amounts, one slip between two days": (
        [paper(9, total=500, on="05-03")], [draft(1, 500, "05-02"), draft(2, 500, "05-04")], {9: "?"},
    ),
    "equal amounts, two slips that nothing tells apart": (
        [paper(8, total=500), paper(9, total=500)], [draft(1, 500), draft(2, 500)], {8: "?", 9: "?"},
    ),
    "equal amounts, the second slip leaves one purchase for the first": (
        [paper(8, total=500, on="05-03"), paper(9, total=500, on="05-04", seller=A)],
        [draft(1, 500, "05-02", B), draft(2, 500, "05-04", A)], {8: 1, 9: 2},
    ),
    "two slips for one purchase: the nearer one": (
        [paper(8, total=500, on="05-20"), paper(9, total=500, on="05-11")], [draft(1, 500, "05-10")], {9: 1},
    ),
    "two slips of one day for one purchase": (
        [paper(8, total=500, on="05-11"), paper(9, total=500, on="05-11")], [draft(1, 500, "05-10")], {8: "?", 9: "?"},
    ),
    "amount and seller beat a nearer day": (
        [paper(9, total=500, on="05-10", seller=A)],
        [draft(1, 500, "05-10", ""), draft(2, 500, "05-01", A)], {9: 2},
    ),
    "a photo that nobody could read": ([paper(9, ReceiptKind.OTHER, 360500, "05-10", A)], [MAY], {}),
    "a purchase without lines": ([paper(9, total=0)], [draft(1, None), draft(2, 0)], {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_papers_go_where_they_belong(case):
    papers, drafts, expected = CASES[case]
    assert places(papers, drafts) == expected


def test_the_sentence_says_what_agrees():
    [slip] = propose([paper(9, total=360500, on="05-12", seller=A)], [MAY]).values()
    assert slip.why == "金额同为 3,605.00 元，供应商相同，日期相差 2 天"
    [unsure] = propose([paper(9, total=500)], [draft(1, 500), draft(2, 500)]).values()
    assert unsure.why == "与 2 笔采购都可能对应，请选择归入哪一笔"


def test_names_are_compared_without_width_blanks_and_brackets():
    assert plain_seller("常山（胡柚） 公司") == plain_seller("常山(胡柚)公司") != plain_seller("常山胡柚社")


DAYS_OF_MAY = st.none() | st.dates(datetime.date(2021, 5, 1), datetime.date(2021, 5, 8))
TOTALS = st.none() | st.sampled_from([100, 200])
SELLERS = st.sampled_from(["", A, B])
PAPERS = st.builds(
    Paper, st.integers(1, 99), st.sampled_from(list(ReceiptKind)), TOTALS, DAYS_OF_MAY, SELLERS
)
HELD = st.frozensets(st.sampled_from(list(DAYS)), max_size=1)
DRAFTS = st.builds(Draft, st.integers(100, 199), TOTALS, DAYS_OF_MAY, SELLERS, HELD)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # about a busy machine, not this code
@given(
    st.lists(PAPERS, max_size=7, unique_by=lambda each: each.pk),
    st.lists(DRAFTS, max_size=5, unique_by=lambda each: each.pk),
    st.randoms(use_true_random=False),
)
def test_whatever_is_given_the_order_does_not_matter_and_nothing_is_placed_against_the_evidence(
    papers: list[Paper], drafts: list[Draft], chance: random.Random
) -> None:
    found = propose(papers, drafts)
    mixed_papers, mixed_drafts = chance.sample(papers, len(papers)), chance.sample(drafts, len(drafts))
    assert propose(mixed_papers, mixed_drafts) == found
    by_pk = {each.pk: each for each in drafts}
    once = []
    for each in papers:
        proposal = found.get(each.pk)
        if proposal is None or proposal.draft is None:
            continue
        target = by_pk[proposal.draft]
        assert not (each.seller and target.seller and each.seller != target.seller)
        assert each.total == target.total or (each.kind != PAYMENT and each.seller == target.seller)
        if each.kind in (PAYMENT, CONTRACT):
            assert each.kind not in target.holds
            once.append((target.pk, each.kind))
    assert len(once) == len(set(once)), "a purchase has one slip and one contract"
