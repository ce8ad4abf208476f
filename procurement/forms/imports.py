"""What is asked for beside a workbook."""

from __future__ import annotations

from typing import Any

from django import forms

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import Form
from procurement.imports.kinds import Kind

ACCEPT = ".xlsx,.xls,.csv"


class ImportForm(Form):
    """A file, or text pasted from a sheet; and what the kind lets one choose."""

    kind = forms.ChoiceField(label="导入什么")
    file = forms.FileField(label="文件", required=False, allow_empty_file=True)
    text = forms.CharField(
        label="或从 Excel 粘贴",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "wrap": "off"}),
        help_text="在 Excel 或 WPS 中选中单元格（连同列名一行），复制后粘贴到这里",
    )
    as_drafts = forms.ChoiceField(
        label="采购导入为",
        required=False,
        choices=[("", "待审核（直接提交）"), ("yes", "草稿（补充票据后再提交）")],
    )
    since = widgets.day_field("变化自", required=False, help_text="空白表示从一开始就应如此的更正")

    def __init__(self, *args: Any, kinds: list[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {kind.slug: kind for kind in kinds}
        kind_field = self.fields["kind"]
        assert isinstance(kind_field, forms.ChoiceField)
        kind_field.choices = [(kind.slug, kind.label) for kind in kinds]
        for name in ("as_drafts", "since"):
            if not any(name in kind.options for kind in kinds):
                del self.fields[name]
        for field in self.fields.values():
            select = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if select else "form-control"
        self.fields["file"].widget.attrs["accept"] = ACCEPT

    @property
    def chosen(self) -> Kind:
        return self.kinds[self.cleaned_data["kind"]]

    @property
    def options(self) -> dict[str, Any]:
        values = self.cleaned_data
        since = values.get("since")
        found = {"as_drafts": bool(values.get("as_drafts")), "since": since.isoformat() if since else ""}
        return {name: value for name, value in found.items() if name in self.chosen.options}
