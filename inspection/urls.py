from django.urls import path

from inspection.surplus import views as surplus
from inspection.unknown_parcels import views as unknown
from inspection.viewer import views as viewer
from inspection.views import desk, portal

app_name = "inspection"

urlpatterns = [
    path("desk/bench/", desk.bench, name="bench"),
    path("desk/bench/scan/", unknown.scan, name="scan"),
    path("desk/bench/unknown/", unknown.new, name="unknown-new"),
    path("desk/bench/unknown/<str:token>/", unknown.unknown, name="unknown"),
    path("desk/bench/unknown/<str:token>/attach/", unknown.attach, name="unknown-attach"),
    path("desk/bench/unknown-photos/<uuid:token>/<str:size>", unknown.photo, name="unknown-photo"),
    path("desk/cases/<str:number>/surplus/<str:token>/", surplus.decide_surplus, name="surplus-decide"),
    path("desk/cases/<str:number>/evidence/", viewer.evidence, name="evidence"),
    path("desk/cases/<str:number>/receive/", desk.receive, name="receive"),
    path("desk/cases/<str:number>/inspect/", desk.inspect, name="inspect"),
    path("desk/cases/<str:number>/record_appraisal/", desk.record_appraisal, name="record_appraisal"),
    path("photos/<uuid:token>/<str:size>", portal.photo, name="photo"),
]
