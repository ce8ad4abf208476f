"""What a form says of a wrong entry names the field, on every page and whoever wrote the form."""

import importlib
import pkgutil
from decimal import Decimal

import django_filters
import pytest
from django import forms

from cixi_xiezuo.forms import FilterSet, Form, Named
from cixi_xiezuo.money import MoneyFormField, parse_yuan
from tests.factories import make_policy, make_unit, make_user
from units.models import Role

OURS = ("cixi_xiezuo", "units", "procurement", "assessment", "initiatives")


class Everything(Form):
    name = forms.CharField(label="名称", max_length=3)
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")])
    day = forms.DateField(label="日期")
    amount = MoneyFormField(label="申报金额（元）")
    people = forms.IntegerField(label="人数", min_value=0)
    share = forms.DecimalField(label="比例", decimal_places=2, max_digits=5)
    file = forms.FileField(label="证明材料")
    sure = forms.BooleanField(label="已核对")


def errors(**data):
    form = Everything(data)
    return {name: found[0] for name, found in form.errors.items()}


def test_what_is_left_empty_is_asked_for_by_name():
    assert errors() == {
        "name": "请填写名称",
        "kind": "请选择类别",
        "day": "请填写日期，如 2021-06-30",
        "amount": "请填写申报金额，如 1234.50",
        "people": "请填写人数，如 120",
        "share": "请填写比例，如 12.5",
        "file": "请选择证明材料",
        "sure": "请勾选“已核对”",
    }


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "四个汉字", "名称最多 3 个字，现在是 4 个"),
        ("name", "a\0", "名称里有不能识别的字符，请重新输入"),
        ("kind", "z", "类别没有“z”这个选项，请从列表中重新选择"),
        ("day", "昨天", "“日期”应是日期，如 2021-06-30"),
        ("amount", "很多", "申报金额：金额“很多”不是数字，应如 1234.50"),
        ("people", "x", "“人数”应是整数，如 120"),
        ("people", "-1", "人数不能小于 0"),
        ("share", "x", "“比例”应是数字，如 12.5"),
        ("share", "1.234", "比例最多 2 位小数"),
    ],
)
def test_a_wrong_entry_is_told_what_would_be_right(field, value, said):
    assert errors(**{field: value})[field] == said


@pytest.mark.parametrize(
    ("typed", "yuan"), [("22.68万", "226800.00"), ("0.123456 万元", "1234.56"), ("1,234.5元", "1234.50")]
)
def test_an_amount_may_be_typed_in_wan_where_it_says_so(typed, yuan):
    assert Everything({"amount": typed})["amount"].field.clean(typed) == Decimal(yuan)


def test_an_amount_in_wan_that_is_no_whole_fen_is_told():
    assert "不能精确到分" in errors(amount="0.1234567万")["amount"]


def test_a_cell_of_a_workbook_in_wan_is_told_what_it_is_in_yuan():
    with pytest.raises(ValueError, match="请换算成元，写成 226800"):
        parse_yuan("22.68万")


def test_every_form_and_every_filter_of_the_site_speaks_so():
    for name in OURS:
        package = importlib.import_module(name)
        for info in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not {"migrations", "management", "__main__"} & set(info.name.split(".")):
                importlib.import_module(info.name)
    found = [*below(forms.Form), *below(django_filters.FilterSet)]
    mine = [each for each in found if each.__module__.startswith(OURS)]
    plain = [each.__qualname__ for each in mine if not issubclass(each, (Named, FilterSet))]
    assert len(mine) > 30
    assert not plain, f"make these of cixi_xiezuo.forms.Form or FilterSet: {plain}"


def below(found):
    for each in found.__subclasses__():
        yield each
        yield from below(each)


@pytest.mark.django_db
def test_the_units_form_and_a_filter_bar_show_it(client):
    make_policy()
    client.force_login(make_user("bureau", Role.BUREAU, make_unit("D01")))
    page = client.get("/review/?since=昨天").content.decode()
    assert "“日期从”应是日期，如 2021-06-30" in page
    page = client.post("/units/D01/edit/", {"name": " ", "kind": "department"}).content.decode()
    assert "请填写单位名称" in page and "必填项" not in page
