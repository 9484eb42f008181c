"""Addresses of sign-off: the shopper's way to an order, a shop's look, the desk's pages, webhooks of carriers."""

from django.urls import URLPattern, path

from signoff.brands import views as brands
from signoff.bulk import views as bulk
from signoff.exports import views as exports
from signoff.imports.jobs import views as imports
from signoff.lookup import desk as lookup_desk
from signoff.lookup import views as lookup
from signoff.orders import views as orders
from signoff.parcels import views as parcels
from signoff.saved_views import views as saved_views
from signoff.scorecards.views import scorecards, violations
from signoff.signoffs import desk as signoffs_desk
from signoff.signoffs import portal as signoffs
from signoff.staff import views as staff
from signoff.tracking import views as tracking
from signoff.web import undo

app_name = "signoff"

portal: list[URLPattern] = [
    path("", lookup.find, name="find"),
    path("s/<slug:shop>/", lookup.find_in_shop, name="find-in-shop"),
    path("s/<slug:shop>/brand.css", brands.css, name="brand-css"),
    path("s/<slug:shop>/logo.png", brands.logo, name="brand-logo"),
    path("code/", lookup.code, name="code"),
    path("enter/<str:token>/", lookup.enter, name="enter"),
    path("leave/", lookup.leave_orders, name="leave"),
    path("orders/", lookup.my_orders, name="my-orders"),
    path("orders/<str:token>/", lookup.order, name="order"),
    path("orders/<str:token>/parcels/<str:parcel>/sign/", signoffs.sign_entered, name="sign"),
    path("sign/<str:link>/", signoffs.sign_by_link, name="sign-by-link"),
    path("sign/<str:link>/photos/<uuid:photo>/<str:size>", signoffs.link_photo, name="link-photo"),
    path("delivery-photos/<uuid:token>/<str:size>", signoffs.delivery_photo, name="delivery-photo"),
]

desk: list[URLPattern] = [
    path("desk/undo/", undo.undo, name="undo"),
    path("desk/profile/", staff.profile, name="profile"),
    path("desk/profile/sessions/end/", staff.end_others, name="sessions-end"),
    path("desk/profile/sessions/<uuid:token>/end/", staff.end_one_session, name="session-end"),
    path("desk/bulk/run/<str:token>/", bulk.run, name="bulk-run"),
    path("desk/bulk/run/<str:token>/confirm/", bulk.confirm, name="bulk-confirm"),
    path("desk/views/<slug:name>/save/", saved_views.save, name="view-save"),
    path("desk/views/<slug:name>/remove/", saved_views.remove, name="view-remove"),
    path("desk/views/<slug:name>/columns/", saved_views.columns, name="view-columns"),
    path("desk/export/<slug:name>.csv", exports.export, {"kind": "csv"}, name="export-csv"),
    path("desk/export/<slug:name>.xlsx", exports.export, {"kind": "xlsx"}, name="export-xlsx"),
    path("desk/bulk/<slug:name>/", bulk.choose, name="bulk-choose"),
    path("desk/bulk/<slug:name>/<slug:action>/", bulk.paste, name="bulk-paste"),
    path("desk/imports/", imports.import_list, name="import-list"),
    path("desk/imports/new/", imports.upload, name="import-send"),
    path("desk/imports/<str:token>/", imports.detail, name="import"),
    path("desk/imports/<str:token>/columns/", imports.columns, name="import-columns"),
    path("desk/imports/<str:token>/encoding/", imports.encoding, name="import-encoding"),
    path("desk/imports/<str:token>/confirm/", imports.confirm, name="import-confirm"),
    path("desk/imports/<str:token>/drop/", imports.discard, name="import-drop"),
    path("desk/imports/<str:token>/refused.csv", imports.rejected_rows, name="import-refused"),
    path("desk/orders/odd/", orders.anomaly_list, name="anomaly-list"),
    path("desk/orders/<str:token>/odd/<slug:kind>/", orders.settle_anomaly, name="anomaly-settle"),
    path("desk/orders/", orders.order_list, name="order-list"),
    path("desk/orders/<str:token>/", orders.order, name="order-desk"),
    path("desk/orders/<str:token>/entry-link/", lookup_desk.entry_link, name="entry-link"),
    path("desk/orders/<str:token>/parcels/add/", parcels.add, name="parcel-add"),
    path("desk/orders/<str:token>/parcels/<str:parcel>/change/", parcels.change, name="parcel-change"),
    path("desk/orders/<str:token>/parcels/<str:parcel>/sign/", signoffs_desk.record, name="sign-desk"),
    path(
        "desk/orders/<str:token>/parcels/<str:parcel>/sign-offs/<int:number>/correct/",
        signoffs_desk.correct_sign_off,
        name="correct-sign-off",
    ),
    path("desk/parcels/", parcels.parcel_list, name="parcel-list"),
    path("desk/parcels/<str:parcel>/<slug:kind>/", parcels.parcel_exception, name="parcel-trouble"),
    path("desk/parcels/<str:parcel>/<slug:kind>/settle/", parcels.settle, name="parcel-settle"),
    path("desk/scorecards/", scorecards.scorecard_list, name="scorecards"),
    path("desk/scorecards/scorecards.csv", scorecards.scorecard_file, name="scorecards-file"),
    path("desk/scorecards/<slug:subject>/<path:name>/", scorecards.scorecard, name="scorecard"),
    path("desk/violations/", violations.violation_list, name="violation-list"),
    path("desk/violations/<str:token>/", violations.violation, name="violation"),
    path("desk/violations/<str:token>/confirm/", violations.confirm, name="violation-confirm"),
    path("desk/violations/<str:token>/waive/", violations.waive, name="violation-waive"),
]

webhooks: list[URLPattern] = [path("hooks/tracking/<slug:provider>/", tracking.tracking, name="tracking-hook")]

urlpatterns = portal + desk + webhooks
