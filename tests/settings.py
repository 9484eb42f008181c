"""The settings of the test run: the product's own, on data that may be lost, without its outside world."""

import os
from pathlib import Path

if "HOMEWARD_TEST" not in os.environ:  # xdist's workers inherit what the first process decided
    _data = os.environ.get("HOMEWARD_DATA") or Path(__file__).resolve().parent.parent / "var"
    os.environ |= {"HOMEWARD_DATA": f"{_data}/test", "HOMEWARD_TEST": "1", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    for name in ("SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "BEHIND_PROXY", "EMAIL_URL", "S3_BUCKET", "PORT"):
        os.environ.pop(name, None)

from config.settings import *  # noqa: F403 - only after the environment is in order
from config.settings import DATA_DIR, MIDDLEWARE

SECRET_KEY = "only-for-tests-and-therefore-not-a-secret-at-all-but-long-enough"
DEMO = True  # the mail box page is part of the story
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # it wants collected files
MEDIA_ROOT = DATA_DIR / "media" / os.environ.get("PYTEST_XDIST_WORKER", "main")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"
