"""The protecting headers of what no row of access.toml asks for: error pages, static files, a site's cookies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from tests.security.headers import wrong_with
from tests.services import ROOT


@pytest.mark.django_db
def test_error_pages_have_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    answers = [
        client.get("/no-such-page/"),
        client.post("/login/", {"username": "a"}),
        client.generic("TRACE", "/login/"),
        client.get("/login/", headers={"host": "evil.example"}),
    ]
    monkeypatch.setattr("units.views.login.LoginForm.__init__", lambda *args, **kwargs: 1 / 0)
    answers.append(client.get("/login/"))
    assert [answer.status_code for answer in answers] == [404, 403, 405, 400, 500]
    for answer in answers:
        assert list(wrong_with(answer, known=False)) == [], answer


PRODUCTION = """
import django, json
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()
from django.test import Client
from django.core.management import call_command
call_command("migrate", verbosity=0)
from units.models import User
User.objects.create_user("auditor", password="Haibing-Lu-66")
client = Client(SERVER_NAME="bf.example.cn")
plain = client.get("/login/")
client.get("/login/", secure=True)
signed = client.post("/login/", {"username": "auditor", "password": "Haibing-Lu-66"}, secure=True)
print(json.dumps({
    "plain": [plain.status_code, plain.headers.get("Location")],
    "signed": signed.status_code,
    "hsts": signed.headers.get("Strict-Transport-Security"),
    "cookies": {n: [bool(m["secure"]), bool(m["httponly"]), m["samesite"], m["path"], m["domain"]]
                for n, m in client.cookies.items()},
    "out": dict(client.post("/logout/", secure=True).headers).get("Clear-Site-Data"),
}))
"""


@pytest.mark.nodb
def test_a_sites_cookies_are_bound_to_its_host_and_to_https(tmp_path: Any) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PRODUCTION],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "cixi_xiezuo.settings",
            "VAR_DIR": str(tmp_path),
            "STATIC_ROOT": str(tmp_path),
            "HTTPS": "1",
            "SECRET_KEY": "k9!" * 20 + "abcdefgh",
            "ALLOWED_HOSTS": "bf.example.cn",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["plain"] == [301, "https://bf.example.cn/login/"]
    assert said["signed"] == 302
    assert said["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert set(said["cookies"]) == {"__Host-sid", "__Host-csrf"}
    assert all(cookie == [True, True, "Lax", "/", ""] for cookie in said["cookies"].values())
    assert said["out"] == '"cache", "storage"'
