from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

FLOORS = ("signoff", "returns", "inspection", "refunds", "feedback")
#: what each role may do beyond looking; the administrator may do everything in the house
MAY = {
    "agent": {"returns.review_case", "refunds.send_replacement", "feedback.view_message", "feedback.change_message"},
    "inspector": {"returns.inspect_case"},
    "manager": {
        "returns.review_case",
        "returns.approve_case",
        "refunds.send_replacement",
        "refunds.view_entry",
        "refunds.view_refund",
        "feedback.view_message",
        "feedback.change_message",
        "feedback.view_survey",
    },
    "finance": {"refunds.pay_refund", "refunds.view_refund", "refunds.view_entry"},
}
EVERYBODY_SEES = {"returns.view_case", "signoff.view_order", "signoff.view_parcel"}


def make_roles(apps, schema_editor):
    """Make the groups with their rights; rights given later by an administrator are kept."""
    for floor in (*FLOORS, "auth"):
        create_permissions(installed.get_app_config(floor), verbosity=0, apps=apps)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for role, rights in MAY.items():
        group, _ = Group.objects.get_or_create(name=role)
        for right in sorted(rights | EVERYBODY_SEES):
            app, codename = right.split(".")
            group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    administrator, _ = Group.objects.get_or_create(name="administrator")
    administrator.permissions.add(*Permission.objects.filter(content_type__app_label__in=[*FLOORS, "auth"]))


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("signoff", "0001_initial"),
        ("returns", "0002_numbers_and_always"),
        ("inspection", "0001_initial"),
        ("refunds", "0002_ledger_always"),
        ("feedback", "0002_first_words"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
