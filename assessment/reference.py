"""What every installation starts from: the regions and the 2021 policy. No units, no users."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from assessment import organisers, policy_file
from assessment.models import Policy
from assessment.policies import add_regions, store_policy
from procurement.imports.report import Report

FIXTURES = settings.BASE_DIR / "fixtures"


@transaction.atomic
def load_reference() -> str:
    """Install what is missing and say what was done. What is there already is never overwritten."""
    reports = [add_regions(policy_file.regions(FIXTURES / "regions.json"))]
    for path in sorted((FIXTURES / "policies").glob("*.json")):
        data = policy_file.parse(path)
        if Policy.objects.filter(year=data.year).exists():
            reports.append(Report(f"{data.year} 年度政策", unchanged=1))
        else:
            reports.append(store_policy(data))
    organisers.refresh()
    return "\n".join(map(str, reports))
