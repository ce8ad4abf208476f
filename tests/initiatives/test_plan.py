"""政策对照: every sentence of parts 四 and 五 is there, and something in the system serves each."""

import re

import pytest

from initiatives.kinds import KINDS
from initiatives.plan import clauses, serving
from tests.factories import make_policy, make_unit, make_user
from units.models import Role

pytestmark = pytest.mark.nodb


def test_no_sentence_of_the_plan_is_left_out(shared):
    [path] = (shared / "policy").glob("*.txt")
    text = path.read_text(encoding="utf-8-sig")
    text = re.sub(r"\[(牵头单位|责任单位|配合单位)[^\]]*\]", "", text[text.index("四、重点任务") :])
    plain = re.sub(r"^\s*[四五]、.*$|\s", "", text, flags=re.MULTILINE)
    plain = re.sub(r"（[一二三四]）(?=强化定向|广泛动员|加大|补齐|明确|强化市场)", "", plain)
    found = "".join(sentence.text for clause in clauses(2021) for sentence in clause.sentences)
    assert re.sub(r"\s", "", found) == plain


def test_each_sentence_is_served_by_something_that_is_there():
    for clause in clauses(2021):
        assert clause.number.startswith(("第四部分", "第五部分")) and clause.sentences
        for sentence in clause.sentences:
            assert sentence.serves, sentence.text
            assert all(serving(name).title for name in sentence.serves)


def test_every_kind_serves_a_sentence():
    named = {name for clause in clauses(2021) for sentence in clause.sentences for name in sentence.serves}
    assert {f"kind:{slug}" for slug in KINDS} <= named


def test_the_paragraphs_of_part_four_name_their_units_by_part():
    parts = {clause.number: clause.parts for clause in clauses(2021)}
    assert parts["第四部分（三）第三段"]["lead"] == ["市委宣传部"]
    assert parts["第四部分（三）第三段"]["responsible"] == ["市融媒体中心"]
    assert "市农业银行" in parts["第四部分（四）第二段"]["support"]
    assert all("lead" in found for number, found in parts.items() if number.startswith("第四部分（"))


@pytest.mark.django_db
def test_the_page_shows_all_of_it(client, django_assert_max_num_queries):
    make_policy()
    client.force_login(make_user("clerk", Role.CLERK, make_unit("D01")))
    with django_assert_max_num_queries(12):
        page = client.get("/initiatives/plan/").content.decode()
    assert all(sentence.text in page for clause in clauses(2021) for sentence in clause.sentences)
    main = page[page.index("<main") :]
    assert (
        'href="/policy/2021/"' in main and "全市看板" in main and 'href="/city/"' not in main
    )  # not the clerk's
