"""The log-in and password forms, in the words and looks of this site."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from cixi_xiezuo.forms import Named
from units.passwords import DEMO_PASSWORD


class LoginForm(Named, AuthenticationForm):
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "用户名或密码不正确，请重新输入（注意大小写）。连续输错 5 次，该用户将被锁定 15 分钟。",
        "inactive": "该用户已停用，请联系系统管理员。",
        "demo": "演示账户只能在演示环境登录。",
        "first_password_over": "初始密码已过期，请联系系统管理员重置。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["username"].validators.append(MaxLengthValidator(150))  # Django only tells the browser
        self.fields["password"].label = "密码"
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if self.cleaned_data.get("password") == DEMO_PASSWORD and not settings.DEMO:
            raise ValidationError(self.error_messages["demo"], code="demo")
        longest = datetime.timedelta(days=settings.FIRST_PASSWORD_DAYS)
        since = user.password_set_at
        if user.must_change_password and since is not None and timezone.now() - since > longest:
            raise ValidationError(self.error_messages["first_password_over"], code="first_password_over")


class PasswordForm(Named, PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "当前密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password2"].label = "再输一次新密码"
        rule = "须有大写字母、小写字母、数字、符号中的至少三种" if settings.DENGBAO else "不能全是数字"
        self.fields[
            "new_password1"
        ].help_text = f"至少 10 个字符，{rule}，不能是常见密码，也不能与用户名相近。"
        self.fields["new_password2"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
