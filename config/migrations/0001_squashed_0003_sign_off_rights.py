from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

FLOORS = ("signoff", "returns", "inspection", "refunds", "feedback")
EVERYBODY_SEES = {"returns.view_case", "signoff.view_order", "signoff.view_parcel"}
#: what those who work on cases may do about deliveries
DELIVERIES = {
    "signoff.add_signoff",
    "signoff.change_parcel",
    "signoff.view_parcelexception",
    "signoff.change_parcelexception",
    "signoff.view_orderanomaly",
    "signoff.change_orderanomaly",
}
#: what each role may do beyond looking; the administrator may do everything
MAY = {
    "agent": DELIVERIES
    | {"returns.review_case", "refunds.send_replacement", "feedback.view_message", "feedback.change_message"},
    "inspector": {"returns.inspect_case"},
    "manager": DELIVERIES
    | {
        "returns.review_case",
        "returns.approve_case",
        "refunds.send_replacement",
        "refunds.view_entry",
        "refunds.view_refund",
        "refunds.view_claim",
        "feedback.view_message",
        "feedback.change_message",
        "feedback.view_survey",
        "signoff.view_orderimport",
        "signoff.import_orders",
        "signoff.view_violation",
        "signoff.decide_violation",
    },
    "finance": {
        "refunds.pay_refund",
        "refunds.view_refund",
        "refunds.view_entry",
        "refunds.view_claim",
        "signoff.view_violation",
    },
}


def make_roles(apps, schema_editor):
    """Make the groups with their rights."""
    for floor in (*FLOORS, "auth"):
        create_permissions(installed.get_app_config(floor), verbosity=0, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(content_type__app_label__in=[*FLOORS, "auth"]).select_related(
            "content_type"
        )
    }
    for role, rights in MAY.items():
        Group.objects.create(name=role).permissions.add(*(known[right] for right in sorted(rights | EVERYBODY_SEES)))
    Group.objects.create(name="administrator").permissions.add(*known.values())


class Migration(migrations.Migration):
    replaces = [("config", "0001_roles"), ("config", "0002_api_rights"), ("config", "0003_sign_off_rights")]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("signoff", "0001_squashed_0012_hashes_of_sign_offs"),
        ("returns", "0001_squashed_0012_place_in_the_logbook"),
        ("inspection", "0001_squashed_0003_uploaded_at"),
        ("refunds", "0001_squashed_0008_chain_by_content"),
        ("feedback", "0001_squashed_0007_place_in_the_logbook"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
