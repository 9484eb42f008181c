"""Order imports as a list of the desk."""

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from signoff.imports.jobs.text import format_name
from signoff.models import OrderImport
from signoff.web.desk_lists import Column, DeskList, Found
from signoff.web.formatting import name_of
from signoff.web.keyset import Sort, order_of


def find_imports(user: User, query: QueryDict) -> Found:
    """All imports, the newest first."""
    order = order_of(query, {"uploaded": Sort("sent_at", descending=True)}, default="-uploaded")
    return Found(OrderImport.objects.all(), order, load=OrderImport.objects.with_files())


IMPORTS = DeskList(
    name="imports",
    label=_("Order imports"),
    url_name="signoff:import-list",
    permission="signoff.view_orderimport",
    columns=[
        Column("files", _("Files"), lambda job: ", ".join(file.name for file in job.files.all())),
        Column("shop", _("Shop"), lambda job: job.shop.name),
        Column("format", _("Format"), lambda job: str(format_name(job.format))),
        Column("status", _("Status"), lambda job: job.get_state_display()),
        Column("new", _("New orders"), lambda job: job.outcome.get("new", 0)),
        Column("rejected", _("Rows rejected"), lambda job: job.outcome.get("refused", 0)),
        Column("by", _("Uploaded by"), lambda job: name_of(job.sent_by)),
        Column("uploaded", _("Uploaded"), lambda job: job.sent_at),
    ],
    find=find_imports,
    ref=lambda job: job.token,
    zone=lambda job: job.shop.time_zone,
)
