"""Is the service able to work? For load balancers, monitors and `make run`."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cixi_xiezuo.broker import answers


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 where the database answers, else 503.

    A missing broker only delays the reading of receipts, so it is told but does not make the service ill.
    """
    state = {"database": _database(), "broker": "ok" if answers(settings.REDIS_URL) else "down"}
    return JsonResponse(state, status=200 if state["database"] == "ok" else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"
