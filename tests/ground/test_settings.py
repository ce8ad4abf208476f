"""How a run is chosen by its environment: each case is a process of its own, as at a site."""

import os
import stat
import subprocess
import sys

import pytest

from tests.services import ROOT

STRONG = "k9!" * 20
SHOW = "from django.conf import settings as s; print(s.SECRET_KEY, s.DEBUG, s.SESSION_COOKIE_NAME)"


def started(tmp_path, **environment):
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    clean |= {"DJANGO_SETTINGS_MODULE": "cixi_xiezuo.settings", "VAR_DIR": str(tmp_path / "var")}
    command = [sys.executable, "-c", SHOW]
    return subprocess.run(
        command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.nodb
def test_a_bare_environment_starts_with_a_private_key_of_its_own(tmp_path):
    first, second = started(tmp_path), started(tmp_path)
    key = tmp_path / "var" / "secret_key"
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert key.read_text() in first.stdout
    assert "False sessionid" in first.stdout
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.nodb
@pytest.mark.parametrize("mode", [{"DEBUG": "0"}, {"HTTPS": "1"}])
@pytest.mark.parametrize("key", ["", "short", "a" * 60, "django-insecure-" + STRONG])
def test_production_refuses_to_start_without_a_strong_key(tmp_path, mode, key):
    run = started(tmp_path, SECRET_KEY=key, **mode)
    assert run.returncode != 0
    assert "SECRET_KEY" in run.stderr


@pytest.mark.nodb
@pytest.mark.parametrize("loose", ["DEBUG", "DEMO"])
def test_production_refuses_debug_and_demonstration(tmp_path, loose):
    run = started(tmp_path, SECRET_KEY=STRONG, HTTPS="1", **{loose: "1"})
    assert run.returncode != 0
    assert "HTTPS=1" in run.stderr


@pytest.mark.nodb
@pytest.mark.parametrize(
    "url", ["postgres//cixi@db/cixi", "mysql://cixi@db/cixi", "/var/lib/cixi/db.sqlite3"]
)
def test_an_address_of_no_known_database_is_told(tmp_path, url):
    run = started(tmp_path, DATABASE_URL=url)
    assert run.returncode != 0
    assert "ImproperlyConfigured: DATABASE_URL 须以" in run.stderr


@pytest.mark.nodb
def test_production_settings_pass_the_deployment_checks(tmp_path):
    run = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(tmp_path),
            "HTTPS": "1",
            "SECRET_KEY": STRONG + "abcdefgh",
            "ALLOWED_HOSTS": "bf.example.cn",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.nodb
def test_the_demonstration_refuses_to_run_as_production_and_says_so(tmp_path):
    run = started(tmp_path, SECRET_KEY=STRONG, DEMO="1", DEBUG="0")
    assert run.returncode != 0 and "演示模式" in run.stderr
    assert started(tmp_path, DEMO="1").returncode == 0
