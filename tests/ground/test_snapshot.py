"""A long reading sees one moment, and nobody waits for it."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection

from cixi_xiezuo.snapshot import snapshot
from tests.factories import make_unit
from units.models import Unit


def in_another_connection(work) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(10)
    assert not thread.is_alive(), "the writer waited for the reader"


@pytest.mark.django_db(transaction=True)
def test_it_does_not_see_what_others_store_meanwhile() -> None:
    make_unit("D01")
    with snapshot():
        assert Unit.objects.count() == 1
        in_another_connection(lambda: make_unit("D02"))
        assert Unit.objects.count() == 1
    assert Unit.objects.count() == 2
    make_unit("D03")  # and afterwards this connection writes as before
    assert Unit.objects.count() == 3
