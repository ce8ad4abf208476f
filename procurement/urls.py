"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from procurement.views.drafts import drafts
from procurement.views.imports import (
    import_again,
    import_confirm,
    import_drop,
    import_file,
    import_page,
    import_receipts,
    import_state,
    import_template,
    imports,
)
from procurement.views.inbox import inbox, inbox_file, inbox_list
from procurement.views.moving import receipt_move
from procurement.views.new_purchase import again, new_purchase
from procurement.views.prices import compare
from procurement.views.purchase import papers, purchase, to_unit, trail, void, withdraw
from procurement.views.purchases import purchases
from procurement.views.reasons import return_reasons
from procurement.views.receipts import receipt_file, receipt_page
from procurement.views.review import approve, approve_many, check_invoice, queue, review, revoke, send_back
from procurement.views.review import trail as review_trail
from procurement.views.search import search_page
from procurement.views.suggestions import suggestions
from procurement.views.targets import targets

urlpatterns: list[URLPattern | URLResolver] = [
    path("inbox/", inbox, name="inbox"),
    path("search/", search_page, name="search"),
    path("prices/", compare, name="prices"),
    path("inbox/file/", inbox_file, name="inbox_file"),
    path("inbox/list/", inbox_list, name="inbox_list"),
    path("purchases/", purchases, name="purchases"),
    path("purchases/drafts/", drafts, name="drafts"),
    path("purchases/new/", new_purchase, name="new_purchase"),
    path("purchases/suggestions/", suggestions, name="purchase_suggestions"),
    path("purchases/<int:pk>/", purchase, name="purchase"),
    path("purchases/<int:pk>/trail/", trail, name="purchase_trail"),
    path("purchases/<int:pk>/papers/", papers, name="purchase_papers"),
    path("purchases/<int:pk>/again/", again, name="buy_again"),
    path("purchases/<int:pk>/withdraw/", withdraw, name="withdraw"),
    path("purchases/<int:pk>/void/", void, name="void"),
    path("purchases/<int:pk>/unit/", to_unit, name="purchase_to_unit"),
    path("receipts/<int:pk>/file/", receipt_file, name="receipt_file"),
    path("receipts/<int:pk>/move/", receipt_move, name="receipt_move"),
    path("receipts/<int:pk>/page/<int:number>/", receipt_page, name="receipt_page"),
    path("review/", queue, name="review_queue"),
    path("review/approve/", approve_many, name="review_approve_many"),
    path("review/reasons/", return_reasons, name="return_reasons"),
    path("review/<int:pk>/", review, name="review"),
    path("review/<int:pk>/approve/", approve, name="review_approve"),
    path("review/<int:pk>/return/", send_back, name="review_return"),
    path("review/<int:pk>/revoke/", revoke, name="review_revoke"),
    path("review/receipts/<int:pk>/check/", check_invoice, name="receipt_check"),
    path("review/<int:pk>/trail/", review_trail, name="review_trail"),
    path("imports/", imports, name="imports"),
    path("imports/templates/<slug:name>.xlsx", import_template, name="import_template"),
    path("imports/targets/", targets, name="targets"),
    path("imports/<int:pk>/", import_page, name="import"),
    path("imports/<int:pk>/state/", import_state, name="import_state"),
    path("imports/<int:pk>/file/", import_file, name="import_file"),
    path("imports/<int:pk>/confirm/", import_confirm, name="import_confirm"),
    path("imports/<int:pk>/drop/", import_drop, name="import_drop"),
    path("imports/<int:pk>/again/", import_again, name="import_again"),
    path("imports/<int:pk>/receipts/", import_receipts, name="import_receipts"),
]
