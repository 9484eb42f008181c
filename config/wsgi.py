"""WSGI application: ``gunicorn config.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

from config.runtime import data_folder, postgres
from signoff.db.roles import refuse_excess_power

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
data_folder.keep_private()
postgres.ensure()
application = get_wsgi_application()
refuse_excess_power()
