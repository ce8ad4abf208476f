"""Money: integer 分 in the database, Decimal 元 with two places in Python. No float touches an amount."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable

from cixi_xiezuo.errors import brief

CENT = Decimal("0.01")
MAX_FEN = 10**15  # ten trillion 元: beyond any budget, well inside a 64-bit integer
TOO_MUCH = "10 万亿元"
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


def from_fen(fen: int) -> Decimal:
    """分 (int) → 元 (Decimal with exactly two places)."""
    return Decimal(int(fen)).scaleb(-2).quantize(CENT)


def to_fen(yuan: Decimal | int) -> int:
    """元 (Decimal or int) → 分. Raises ValueError when it has more than two decimal places."""
    if isinstance(yuan, float):
        raise TypeError("an amount is never a float")
    fen = Decimal(yuan).scaleb(2)
    if fen != fen.to_integral_value():
        raise ValueError(f"金额“{yuan}”超过两位小数")
    return int(fen)


def parse_yuan(value: object) -> Decimal:
    """A typed or spreadsheet amount in 元 → Decimal with two places.

    Takes int, Decimal, text with or without thousands commas (full-width digits too), and floats
    only as a spreadsheet shows them (15 significant digits, so a stored 0.30000000000000004 is 0.30).
    Raises ValueError with a Chinese sentence otherwise.
    """
    if isinstance(value, bool) or value is None:
        raise ValueError("金额应为数字，如 1234.50")
    if isinstance(value, float):
        value = f"{value:.15g}"
    text = _plain(str(value)).removesuffix("元").strip()
    if text.endswith("万"):
        raise ValueError(f"金额“{brief(text)}”请换算成元，写成 {yuan_text(parse_wan(text))}")
    return _to_the_cent(_number(text), text)


def parse_typed(value: str) -> Decimal:
    """What a person types into a form: 元, or 万元 where they say so ("22.68万" is 226800.00)."""
    text = _plain(value).removesuffix("元").strip()
    return parse_wan(text) if text.endswith("万") else parse_yuan(text)


def parse_wan(value: str) -> Decimal:
    """An amount typed in 万元 ("6600", "0.5 万元") → Decimal 元 with two places. Raises ValueError as parse_yuan."""
    text = _plain(value).removesuffix("元").removesuffix("万").strip()
    number = _number(text)
    if abs(number.adjusted()) > 20 or len(number.as_tuple().digits) > 22:  # beyond exact multiplication
        raise ValueError(f"金额“{brief(text)} 万元”过大或位数过多，不能超过 {TOO_MUCH}，请核对")
    if (number * 10_000).quantize(CENT) != number * 10_000:
        raise ValueError(f"金额“{brief(text)} 万元”不能精确到分，最多六位小数")
    return _to_the_cent(number * 10_000, f"{text} 万元")


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip()
    return text.removeprefix("¥").removeprefix("¥").strip()


def _number(text: str) -> Decimal:
    if re.fullmatch(
        r"[+-]?\d+(\.\d+)?[eE][+-]?\d+", text
    ):  # how a spreadsheet may write a very large or small number
        try:
            return Decimal(text)
        except InvalidOperation:
            raise ValueError(f"金额“{brief(text)}”过大，不能超过 {TOO_MUCH}，请核对") from None
    if _NUMBER.fullmatch(text):
        return Decimal(text.replace(",", ""))
    raise ValueError(f"金额“{brief(text)}”不是数字，应如 1234.50")


def _to_the_cent(number: Decimal, text: str) -> Decimal:
    try:
        exact = number.quantize(CENT)
    except InvalidOperation:
        raise ValueError(f"金额“{brief(text)}”过大，不能超过 {TOO_MUCH}，请核对") from None
    if exact != number:
        raise ValueError(f"金额“{brief(text)}”超过两位小数，应精确到分，如 {exact}")
    if abs(exact) > from_fen(MAX_FEN):
        raise ValueError(f"金额“{brief(text)}”过大，不能超过 {TOO_MUCH}，请核对")
    return exact


def yuan_text(yuan: Decimal | None) -> str | None:
    """Decimal 元 → text with two decimals and no commas, as the JSON formats want; never "-0.00"."""
    if yuan is None:
        return None
    return f"{yuan.quantize(CENT) + 0:.2f}"


def yuan_display(yuan: Decimal | None) -> str:
    """Decimal 元 → "1,234.50" for people; "—" where there is no value."""
    return "—" if yuan is None else f"{yuan.quantize(CENT) + 0:,.2f}"


def unit_price(fen: Fraction) -> Decimal:
    """分 for one of something, exact → 元 with four places, rounded half up: for showing alone."""
    return Decimal(math.floor(fen * 100 + Fraction(1, 2))).scaleb(-4)


_Set = TypeVar("_Set", contravariant=True)
_Get = TypeVar("_Get", covariant=True)
if TYPE_CHECKING:
    _Integers = models.BigIntegerField
    _Wrapper = models.ExpressionWrapper[models.F]
else:  # Django's take no brackets at run time
    _Wrapper = models.ExpressionWrapper

    class _Integers(models.BigIntegerField):
        def __class_getitem__(cls, types: Any) -> type:
            return cls


class MoneyField(_Integers[_Set, _Get]):
    """An amount: 分 in the column, Decimal 元 on the instance and in queries' results."""

    description = "Amount of money (stored in 分)"
    _pyi_private_set_type: Decimal | int | Combinable  # type: ignore[assignment]  # what type checkers see
    _pyi_private_get_type: Decimal  # type: ignore[assignment]
    _pyi_lookup_exact_type: Decimal | int  # type: ignore[assignment]

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else from_fen(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        if isinstance(value, Decimal):
            return value.quantize(CENT) if value == value.quantize(CENT) else value
        try:
            return parse_yuan(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        if hasattr(value, "resolve_expression"):
            return cast(int, value)  # of a query's parts, which Django takes as they are
        return to_fen(value if isinstance(value, (Decimal, int)) else parse_yuan(value))

    def value_to_string(self, obj: models.Model) -> str:
        return yuan_text(cast("Decimal | None", self.value_from_object(obj))) or ""

    @property
    def validators(self) -> list[Any]:  # the integer limits of BigIntegerField do not fit a Decimal
        return list(self._validators)  # type: ignore[attr-defined]

    def formfield(self, **kwargs: Any) -> Any:
        defaults: dict[str, Any] = {"form_class": MoneyFormField}
        return models.Field.formfield(self, **{**defaults, **kwargs})


class _AsStored(_Wrapper):
    """A column as the database gives it: no call for each value of each row."""

    convert_value = staticmethod(models.ExpressionWrapper._convert_value_noop)  # type: ignore[attr-defined]


def in_fen(field: str) -> models.ExpressionWrapper[models.F]:
    """A MoneyField's column as plain 分 in a query's result, for reading many rows fast."""
    return _AsStored(models.F(field), output_field=models.BigIntegerField())


class MoneyFormField(forms.CharField):
    """Accepts what people type: 1234.5, 1,234.50, full-width digits, a leading ¥, 22.68万."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("max_value", None)
        kwargs.pop("min_value", None)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_typed(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return yuan_text(value) if isinstance(value, Decimal) else value
