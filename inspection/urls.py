from django.urls import path

from inspection.viewer import views as viewer
from inspection.views import desk, portal

app_name = "inspection"

urlpatterns = [
    path("desk/bench/", desk.bench, name="bench"),
    path("desk/cases/<str:number>/evidence/", viewer.evidence, name="evidence"),
    path("desk/cases/<str:number>/receive/", desk.receive, name="receive"),
    path("desk/cases/<str:number>/inspect/", desk.inspect, name="inspect"),
    path("desk/cases/<str:number>/record_appraisal/", desk.record_appraisal, name="record_appraisal"),
    path("photos/<uuid:token>/<str:size>", portal.photo, name="photo"),
]
