"""Addresses of the desk's pages of the lowest floor."""

from django.urls import path

from signoff.views import desk, import_deeds, imports, oddities, parcels, scorecard, scorecards, sending, violations
from signoff.views.signing import desk as signing

urlpatterns = [
    path("desk/imports/", imports.import_list, name="import-list"),
    path("desk/imports/new/", import_deeds.send, name="import-send"),
    path("desk/imports/<str:token>/", imports.one, name="import"),
    path("desk/imports/<str:token>/columns/", import_deeds.columns, name="import-columns"),
    path("desk/imports/<str:token>/confirm/", import_deeds.confirm, name="import-confirm"),
    path("desk/imports/<str:token>/drop/", import_deeds.drop, name="import-drop"),
    path("desk/imports/<str:token>/refused.csv", imports.refused, name="import-refused"),
    path("desk/orders/odd/", oddities.anomaly_list, name="anomaly-list"),
    path("desk/orders/<str:token>/odd/<slug:kind>/", oddities.settle, name="anomaly-settle"),
    path("desk/orders/", desk.order_list, name="order-list"),
    path("desk/orders/<str:token>/", desk.order, name="order-desk"),
    path("desk/orders/<str:token>/parcels/add/", sending.add, name="parcel-add"),
    path("desk/orders/<str:token>/parcels/<str:parcel>/change/", sending.change, name="parcel-change"),
    path("desk/orders/<str:token>/parcels/<str:parcel>/sign/", signing.record, name="sign-desk"),
    path(
        "desk/orders/<str:token>/parcels/<str:parcel>/sign-offs/<int:number>/correct/",
        signing.correct_sign_off,
        name="correct-sign-off",
    ),
    path("desk/parcels/", parcels.parcel_list, name="parcel-list"),
    path("desk/parcels/<str:parcel>/<slug:kind>/", parcels.trouble, name="parcel-trouble"),
    path("desk/parcels/<str:parcel>/<slug:kind>/settle/", parcels.settle, name="parcel-settle"),
    path("desk/scorecards/", scorecards.scorecard_list, name="scorecards"),
    path("desk/scorecards/scorecards.csv", scorecards.scorecard_file, name="scorecards-file"),
    path("desk/scorecards/<slug:subject>/<path:name>/", scorecard.scorecard, name="scorecard"),
    path("desk/violations/", violations.violation_list, name="violation-list"),
    path("desk/violations/<str:token>/", violations.violation, name="violation"),
    path("desk/violations/<str:token>/confirm/", violations.confirm, name="violation-confirm"),
    path("desk/violations/<str:token>/waive/", violations.waive, name="violation-waive"),
]
