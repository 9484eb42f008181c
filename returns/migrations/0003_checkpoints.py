import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Triggers of a session in replication role "replica" sleep, unless they are ENABLE ALWAYS.
ALWAYS = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT tgrelid::regclass AS of_table, tgname FROM pg_trigger
        WHERE tgrelid IN ('returns_case'::regclass, 'returns_checkpoint'::regclass) AND NOT tgisinternal
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', found.of_table, found.tgname);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('returns', '0002_numbers_and_always'),
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('book', models.CharField(max_length=20, verbose_name='book')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(verbose_name='when')),
            ],
            options={
                'verbose_name': 'checkpoint',
                'verbose_name_plural': 'checkpoints',
                'ordering': ['book', 'number'],
                'constraints': [models.UniqueConstraint(fields=('book', 'number'), name='one_checkpoint_per_number')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkpoint',
            trigger=pgtrigger.compiler.Trigger(name='checkpoint_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cf70a029c9d84a6bee274d4196433c6fc8353cda', operation='UPDATE OR DELETE', pgid='pgtrigger_checkpoint_append_only_34664', table='returns_checkpoint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkpoint',
            trigger=pgtrigger.compiler.Trigger(name='checkpoint_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'checkpoint is append-only and cannot be emptied';", hash='2b8cb508b5b918e5c8477ff6f94838da2fbcfa69', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_checkpoint_no_truncate_ecc96', table='returns_checkpoint', when='BEFORE')),
        ),
        migrations.RunSQL(ALWAYS, migrations.RunSQL.noop),
    ]
