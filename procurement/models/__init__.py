"""What was bought and the proof of it."""

from procurement.models.blacklist import Blacklisting
from procurement.models.catalogue import Product, Supplier
from procurement.models.imported import Import
from procurement.models.purchase import NumberSeries, Purchase, PurchaseLine
from procurement.models.reasons import ReturnReason
from procurement.models.receipt import Receipt, StoredFile
from procurement.models.region import Pairing, Region, YearTerms
from procurement.models.tally import ChannelTally, RegionTally, Tally

__all__ = [
    "Blacklisting",
    "ChannelTally",
    "Import",
    "NumberSeries",
    "Pairing",
    "Product",
    "Purchase",
    "PurchaseLine",
    "Receipt",
    "Region",
    "RegionTally",
    "ReturnReason",
    "StoredFile",
    "Supplier",
    "Tally",
    "YearTerms",
]
