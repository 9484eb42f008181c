"""Processes: embedded PostgreSQL, file broker, Celery, gunicorn, the supervisor of ``manage.py run``."""
