import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# A trigger that is made anew sleeps in a session in replication role "replica" until it is ENABLE ALWAYS again.
ALWAYS = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'returns_case'::regclass AND NOT tgisinternal
    LOOP
        EXECUTE format('ALTER TABLE returns_case ENABLE ALWAYS TRIGGER %I', found.tgname);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('returns', '0010_logbook_by_content'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='case',
            name='case_closed_immutable',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='case_closed_immutable', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" = \'closed\')', func="\n        IF NEW.seq = OLD.seq + 1 AND to_jsonb(NEW) - 'seq' - 'head' = to_jsonb(OLD) - 'seq' - 'head' THEN\n            RETURN NEW;\n        END IF;\n        RAISE EXCEPTION 'case % is closed and cannot be changed', OLD.number USING ERRCODE = 'check_violation';\n    ", hash='c7655ab05b6c2e1a8d906f00b21a5d9f0b84158b', operation='UPDATE', pgid='pgtrigger_case_closed_immutable_8fac0', table='returns_case', when='BEFORE')),
        ),
        migrations.RunSQL(ALWAYS, migrations.RunSQL.noop),
    ]
