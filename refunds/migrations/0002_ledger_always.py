from django.db import migrations

# Triggers of a session in replication role "replica" sleep, unless they are ENABLE ALWAYS.
ALWAYS = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT tgrelid::regclass AS of_table, tgname FROM pg_trigger
        WHERE tgrelid = 'refunds_entry'::regclass AND NOT tgisinternal
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', found.of_table, found.tgname);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("refunds", "0001_initial")]

    operations = [migrations.RunSQL(ALWAYS, migrations.RunSQL.noop)]
