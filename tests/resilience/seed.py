"""The small city of the drill, and what of it is left: run as a program on the drill's database.

`PASSWORD` makes the city in the empty tables; `--waiting` waits a while and prints how many receipts are not yet read;
`--lost FILE` prints a sentence for each acknowledged thing of the JSON file that is not there, or there twice.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

DRAFTS = 400


def invoice(name: str) -> bytes:
    """An e-invoice that is no other: its number comes from `name`, 32 hexadecimal digits."""
    from assessment.demo.invoice_spec import InvoiceSpec, ItemSpec, Party
    from assessment.demo.invoice_xml import make_xml

    return make_xml(
        InvoiceSpec(
            number=f"{int(name, 16) % 10**20:020d}",
            issue_date=datetime.date(2021, 6, 1),
            buyer=Party("演练镇人民政府", "11330282002952347N"),
            seller=Party("凉山供应链有限公司", "91513400MA6C8Q5Y3E"),
            items=[ItemSpec("*茶*苦荞茶", Decimal("100.00"))],
        )
    )


def seed(password: str) -> None:
    from procurement.choices import Status
    from tests.factories import line, make_policy, make_purchase, make_unit, make_user
    from units.kinds import Kind
    from units.models import Role

    make_policy()
    town = make_unit("T01", Kind.TOWN, "演练镇人民政府")
    office = make_unit("D01", Kind.DEPARTMENT, "商务局")
    for user in (make_user("clerk", Role.CLERK, town), make_user("reviewer", Role.BUREAU, office)):
        user.set_password(password)
        user.save()
    for _ in range(DRAFTS):
        make_purchase(town, line("12.30"), status=Status.DRAFT)


def waiting() -> int:
    """Asks until there are none, at most 20 seconds: a start of the program costs more than many questions."""
    from procurement.choices import PENDING
    from procurement.models import Receipt

    deadline = time.monotonic() + 20
    while (left := Receipt.objects.filter(reading__in=PENDING).count()) and time.monotonic() < deadline:
        time.sleep(0.3)
    return left


def lost(told: dict[str, list[Any]]) -> Iterator[str]:
    from procurement.choices import LIVE, Status
    from procurement.models import Purchase, Receipt

    for name in told["uploads"]:
        kept = list(Receipt.objects.filter(file=hashlib.sha256(invoice(name)).hexdigest()))
        if len(kept) != 1 or kept[0].purchase_id is None:
            yield f"the upload {name} has {len(kept)} receipts, in purchases {[each.purchase_id for each in kept]}"
    statuses = dict(Purchase.objects.values_list("pk", "status"))
    yield from (f"the submission of {pk} is lost" for pk in told["submitted"] if statuses[pk] not in LIVE)
    yield from (f"the approval of {pk} is lost" for pk in told["approved"] if statuses[pk] != Status.APPROVED)
    drafts = Purchase.objects.filter(pk__gt=DRAFTS).count()
    if drafts != Receipt.objects.exclude(file=None).count():
        yield f"{drafts} drafts were made of {Receipt.objects.exclude(file=None).count()} uploaded receipts"


def main() -> None:
    import django

    django.setup()
    if sys.argv[1] == "--waiting":
        print(waiting())
    elif sys.argv[1] == "--lost":
        for sentence in lost(json.loads(Path(sys.argv[2]).read_text())):
            print(sentence)
    else:
        seed(sys.argv[1])


if __name__ == "__main__":
    main()
