"""导入 on its pages: upload, preview, confirm; templates; who sees what."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cixi_xiezuo.jobs import work
from cixi_xiezuo.jobs.models import Job, State
from procurement.models import Import, Purchase
from tests.factories import make_policy, make_unit, make_user
from tests.workbooks import PURCHASES, purchase, records
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(client):
    make_policy()
    make_unit("S01", Kind.SCHOOL, "实验中学")
    user = make_user("bureau", Role.BUREAU, make_unit("D09", name="市商务局"))
    client.force_login(user)
    return user


def send(client, *rows: dict, **fields) -> Import:
    file = SimpleUploadedFile("采购.xlsx", records(PURCHASES, *rows))
    response = client.post(reverse("imports"), {"kind": "purchases", "file": file, **fields})
    found = Import.objects.latest("pk")
    assert response["Location"] == reverse("import", args=[found.pk])
    return found


def work_off() -> None:
    for job in Job.objects.filter(state=State.WAITING):
        work.run(job.pk)


def page(client, found: Import) -> str:
    return client.get(reverse("import", args=[found.pk])).content.decode()


def test_a_workbook_goes_from_upload_to_done_in_two_clicks(client, bureau) -> None:
    found = send(client, purchase("P1", "S01"), purchase("P2", "S01", 金额=5))
    assert "正在预检" in page(client, found)
    assert 'hx-trigger="every 1s"' in page(client, found)
    work_off()
    shown = page(client, found)
    assert "预检通过" in shown
    assert "105.00" in shown
    assert "hx-trigger" not in shown
    found.refresh_from_db()
    client.post(reverse("import_confirm", args=[found.pk]), {"digest": found.digest})
    work_off()
    assert "已导入：采购: 新增 2, 更新 0, 未变 0" in page(client, found)
    assert Purchase.objects.count() == 2
    assert "采购: 新增 2" in client.get(reverse("imports")).content.decode()


def test_what_is_wrong_is_listed_with_row_column_value_and_remedy(client, bureau) -> None:
    found = send(client, purchase("P1", "S01", 产地="<svg onload=x>"))
    work_off()
    shown = page(client, found)
    assert "有 1 行需要改正" in shown
    assert "&lt;svg onload=x&gt;" in shown
    assert "<svg onload" not in shown
    assert "没有这个产地" in shown
    found.refresh_from_db()
    marked = client.get(reverse("task_file", args=[found.job_id]))
    assert "%E6%A0%87%E5%87%BA%E9%97%AE%E9%A2%98" in marked["Content-Disposition"]
    again = client.get(reverse("imports") + f"?follows={found.pk}").content.decode()
    assert f'name="follows" value="{found.pk}"' in again


def test_without_a_file_the_form_says_what_to_do(client, bureau) -> None:
    response = client.post(reverse("imports"), {"kind": "purchases"})
    assert response.status_code == 422
    assert "请选择文件，或粘贴" in response.content.decode()
    response = client.post(reverse("imports"), {"kind": "nonsense"})
    assert response.status_code == 422
    assert not Import.objects.exists()


def test_a_stopped_dry_run_can_be_begun_again(client, bureau) -> None:
    found = send(client, purchase("P1", "S01"))
    Job.objects.update(state=State.FAILED, words="多次中断")
    shown = page(client, found)
    assert "处理中断，没有导入任何数据" in shown
    client.post(reverse("import_again", args=[found.pk]))
    work_off()
    assert "预检通过" in page(client, found)


def test_each_person_finds_the_templates_of_what_they_may_import(client, bureau) -> None:
    def offered() -> set[str]:
        text = client.get(reverse("imports")).content.decode()
        names = ("purchases", "bases", "targets", "listed", "units", "products", "suppliers")
        return {name for name in names if reverse("import_template", args=[name]) in text}

    assert offered() == {"purchases", "bases", "targets", "listed", "units", "products", "suppliers"}
    client.force_login(make_user("clerk", Role.CLERK, make_unit("S02", Kind.SCHOOL)))
    assert offered() == {"purchases"}
    assert client.get(reverse("import_template", args=["units"])).status_code == 404
    response = client.get(reverse("import_template", args=["purchases"]))
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%87%87%E8%B4%AD")
    client.force_login(make_user("auditor", Role.AUDITOR, make_unit("D08")))
    assert client.get(reverse("imports")).status_code == 404


def test_an_import_is_its_owners_alone(client, bureau) -> None:
    found = send(client, purchase("P1", "S01"))
    work_off()
    client.force_login(make_user("colleague", Role.BUREAU, make_unit("D08")))
    for name in ("import", "import_state", "import_file"):
        assert client.get(reverse(name, args=[found.pk])).status_code == 404
    for name in ("import_confirm", "import_drop", "import_again"):
        assert client.post(reverse(name, args=[found.pk])).status_code == 404
    assert "采购.xlsx" not in client.get(reverse("imports")).content.decode()


def test_the_pages_ask_little_of_the_database(client, bureau, django_assert_max_num_queries) -> None:
    for n in range(5):
        found = send(client, purchase(f"P{n}", "S01"))
    work_off()
    for address in (reverse("imports"), reverse("import", args=[found.pk]), reverse("tasks")):
        with django_assert_max_num_queries(12):
            client.get(address)
