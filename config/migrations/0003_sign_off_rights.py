from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

FLOORS = ("signoff", "returns", "refunds")
#: what each role may do about deliveries beyond looking; the administrator may do everything in the house
MAY = {
    "agent": {
        "signoff.add_signoff",
        "signoff.change_parcel",
        "signoff.view_parcelexception",
        "signoff.change_parcelexception",
        "signoff.view_orderanomaly",
        "signoff.change_orderanomaly",
    },
    "manager": {
        "signoff.add_signoff",
        "signoff.change_parcel",
        "signoff.view_parcelexception",
        "signoff.change_parcelexception",
        "signoff.view_orderanomaly",
        "signoff.change_orderanomaly",
        "signoff.view_orderimport",
        "signoff.import_orders",
        "signoff.view_violation",
        "signoff.decide_violation",
        "refunds.view_claim",
    },
    "finance": {"signoff.view_violation", "refunds.view_claim"},
}


def give_rights(apps, schema_editor):
    for floor in FLOORS:
        create_permissions(installed.get_app_config(floor), verbosity=0, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for role, rights in MAY.items():
        group, _ = Group.objects.get_or_create(name=role)
        for right in sorted(rights):
            app, codename = right.split(".")
            group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    administrator, _ = Group.objects.get_or_create(name="administrator")
    administrator.permissions.add(*Permission.objects.filter(content_type__app_label__in=FLOORS))


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0002_api_rights"),
        ("signoff", "0006_always"),
        ("returns", "0007_sign_off"),
        ("refunds", "0006_sign_off"),
    ]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
