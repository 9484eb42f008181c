from django.db import migrations

# Triggers of a session in replication role "replica" sleep, unless they are ENABLE ALWAYS.
ALWAYS = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT tgrelid::regclass AS of_table, tgname FROM pg_trigger
        WHERE tgrelid IN ('signoff_signoff'::regclass, 'signoff_signoffline'::regclass, 'signoff_discrepancy'::regclass)
          AND NOT tgisinternal
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', found.of_table, found.tgname);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("signoff", "0005_sign_off")]

    operations = [migrations.RunSQL(ALWAYS, migrations.RunSQL.noop)]
