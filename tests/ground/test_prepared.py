"""PostgreSQL is given a statement once a connection, with the types that its values have."""

import datetime
from decimal import Decimal

import pytest
from django.db import NotSupportedError, connection, transaction
from django.db.models import BooleanField, Case, Value, When
from django.test.utils import CaptureQueriesContext

from cixi_xiezuo import prepared
from cixi_xiezuo.written import Written
from tests.factories import make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db

SQL = "SELECT CASE WHEN %s > 0 THEN %s ELSE %s END, %s, %s, %s, %s || %s, CAST(%s AS integer)"
GIVEN = [1, True, False, datetime.date(2021, 12, 31), Decimal("0.10"), 3_000_000_000, "百分之%", "*/", None]


@pytest.fixture
def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("asks PostgreSQL; the suite's other half runs on it")


def sessions_statements() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements ORDER BY name")
        return [name for (name,) in cursor.fetchall()]


def test_values_come_back_as_they_do_from_a_plain_statement(postgresql):
    with connection.cursor() as cursor:
        cursor.execute(SQL, GIVEN)
        plain = cursor.fetchall()
        prepared.run(cursor, SQL, GIVEN, "nothing")
        assert list(map(repr, cursor.fetchall())) == list(map(repr, plain))


def test_it_is_prepared_once_and_named_after_its_table(postgresql):
    make_unit("A1"), make_unit("A2")
    rank = Case(When(code="A1", then=Value(True)), default=Value(False), output_field=BooleanField())
    written = Written(
        lambda code: Unit.objects.filter(code=code).annotate(first=rank).values_list("code", "first")
    )
    before = sessions_statements()
    with CaptureQueriesContext(connection) as asked:
        assert [written.rows(code) for code in ("A1", "A2", "A3")] == [[("A1", True)], [("A2", False)], []]
    (name,) = set(sessions_statements()) - set(before)
    assert name.startswith("units_unit_")
    assert len(asked) == 3 and all(f"EXECUTE {name}" in query["sql"] for query in asked)
    assert 'FROM "units_unit"' in asked[0]["sql"]  # what a slow statement is known by in the log


def test_behind_a_pool_that_changes_the_session_nothing_is_prepared(postgresql, settings):
    settings.PREPARED_STATEMENTS = False
    before = sessions_statements()
    assert Written(lambda code: Unit.objects.filter(code=code).values_list("code")).rows("A1") == []
    assert sessions_statements() == before


def test_a_value_of_no_plain_kind_is_asked_as_it_stands(postgresql):
    with connection.cursor() as cursor:
        prepared.run(cursor, "SELECT 2 = ANY(%s)", [[1, 2]], "nothing")
        assert cursor.fetchone() == (True,)


@pytest.fixture
def changed_table(postgresql, transactional_db, monkeypatch):
    """A question that the session has prepared, of a table that an upgrade has changed since."""
    monkeypatch.setattr(prepared, "run", prepared.run.__wrapped__)  # not asked a second time as it stands
    written = Written(lambda code: Unit.objects.filter(code=code).values_list("code"))
    make_unit("A1")
    assert written.rows("A1") == [("A1",)]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE units_unit ALTER code TYPE varchar(99)")
    usual = connection.close_at
    yield written
    connection.close_at = usual
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE units_unit ALTER code TYPE varchar({Unit._meta.get_field('code').max_length})"
        )


@pytest.mark.django_db(transaction=True)
def test_a_table_that_an_upgrade_changed_is_asked_anew(changed_table):
    assert changed_table.rows("A1") == [("A1",)]
    connection.close_if_unusable_or_obsolete()  # as each request does at its end
    assert connection.connection is None
    assert changed_table.rows("A1") == [("A1",)]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_meets_a_changed_table_is_lost_and_the_next_is_not(changed_table):
    with pytest.raises(NotSupportedError), transaction.atomic():
        changed_table.rows("A1")
    connection.close_if_unusable_or_obsolete()
    with transaction.atomic():
        assert changed_table.rows("A1") == [("A1",)]


def test_a_name_is_that_of_one_statement_alone():
    """Behind a pool whose setting was forgotten processes share sessions: none may be answered another's question."""
    names = [
        prepared._statement(sql, types, "units_unit").name
        for sql, types in [
            ("SELECT %s", ("bigint",)),
            ("SELECT %s", ("text",)),
            ("SELECT %s + 1", ("bigint",)),
        ]
    ]
    assert len(set(names)) == 3
    prepared._statement.cache_clear()  # as another process
    assert prepared._statement("SELECT %s", ("bigint",), "units_unit").name == names[0]
