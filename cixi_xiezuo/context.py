"""What every page's template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Give the site's name, and whether this is a demonstration."""
    return {"site_name": settings.SITE_NAME, "demo": settings.DEMO}
