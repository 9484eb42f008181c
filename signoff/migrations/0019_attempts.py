from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('signoff', '0018_import_encoding'),
    ]

    operations = [
        migrations.RenameModel('EntryTry', 'Attempt'),
        migrations.RenameIndex('Attempt', new_name='attempt_key', old_name='entry_try_key'),
        migrations.CreateModel(
            name='RefusedAttempts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField(unique=True)),
                ('count', models.PositiveIntegerField(default=0)),
                ('warned_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='entrycode',
            name='machine_hash',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AddField(
            model_name='entrycode',
            name='withheld',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
