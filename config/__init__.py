"""Project package and top layer: settings, URLs, jobs, checks, the demo shop."""

from config.runtime.celery import app as celery_app

__all__ = ["celery_app"]
