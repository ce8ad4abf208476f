"""/healthz tells a monitor whether the service can work."""

import pytest
from django.db import DatabaseError


@pytest.mark.django_db
def test_it_is_well_where_the_database_answers_even_without_a_broker(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["database"] == "ok"


@pytest.mark.django_db
def test_it_sees_the_broker(client, valkey):
    assert client.get("/healthz").json() == {"database": "ok", "broker": "ok"}


def test_it_is_ill_where_the_database_is_away(client, monkeypatch):
    def fail():
        raise DatabaseError

    monkeypatch.setattr("cixi_xiezuo.health.connection.cursor", fail)
    assert client.get("/healthz").status_code == 503


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_only_answers_reads(client, method):
    assert getattr(client, method)("/healthz").status_code == 405


@pytest.mark.django_db
def test_every_answer_carries_the_protecting_headers(client):
    for path in ("/healthz", "/no-such-page"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
