"""How a page shows the person whose log-in name a row keeps."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from units.models import User


def name_of(field: str) -> Subquery:
    """The display name of the user named in a field of the row; None for one who is no user, "" for no name."""
    return Subquery(User.objects.filter(username=OuterRef(field)).values("display_name"))
