"""What a password must be, beyond Django's own rules."""

from __future__ import annotations

import string
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

DEMO_PASSWORD = "cixi-demo-2021"  # noqa: S105
"""Published, so it opens nothing outside of a demonstration."""
WORDS = ("cixi", "慈溪", "xiezuo", "shangwu", "商务局", "bangfu", "帮扶", "832", "password", "mima")


class ContextValidator:
    """Words that everybody here would guess do not count towards the length."""

    def __init__(self, min_length: int = 8) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: Any = None) -> None:
        rest = password.lower()
        for word in WORDS:
            rest = rest.replace(word, "")
        if len(rest) < self.min_length:
            raise ValidationError("密码里除去“慈溪”“cixi”“832”等容易猜到的词后太短，请加长。")

    def get_help_text(self) -> str:
        return "不能主要由“慈溪”“cixi”“832”等容易猜到的词组成。"


class MixedValidator:
    """等保 mode: at least three of capital letters, small letters, digits and signs."""

    def validate(self, password: str, user: Any = None) -> None:
        if not settings.DENGBAO:
            return
        kinds = [
            any(char in string.ascii_uppercase for char in password),
            any(char in string.ascii_lowercase for char in password),
            any(char.isdigit() for char in password),
            any(not char.isalnum() for char in password),
        ]
        if sum(kinds) < 3:
            raise ValidationError("密码须包含大写字母、小写字母、数字、符号中的至少三种。")

    def get_help_text(self) -> str:
        return "须包含大写字母、小写字母、数字、符号中的至少三种。" if settings.DENGBAO else ""
