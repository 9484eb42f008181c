"""The settings of the test run: the product's own, on data that may be lost, without its outside world."""

import hashlib
import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - our folder there has a name of its own
ROOM = 2 * 1024**3


def _folder(data: Path) -> Path:
    """In memory where there is room: tests make and drop databases by the hundred, and disks grow slow at that."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY / f"homeward-test-{hashlib.sha256(str(data).encode()).hexdigest()[:12]}"
    return data / "test"


if "HOMEWARD_TEST" not in os.environ:  # xdist's workers inherit what the first process decided
    _data = Path(os.environ.get("HOMEWARD_DATA") or Path(__file__).resolve().parent.parent / "var").resolve()
    os.environ |= {"HOMEWARD_TEST": str(_data), "HOMEWARD_DATA": str(_folder(_data)), "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    _ours = ("SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "BEHIND_PROXY", "EMAIL_URL", "S3_BUCKET", "PORT")
    for name in (*_ours, "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)

from config.runtime import postgres  # noqa: E402 - only after the environment is in order
from config.settings import *  # noqa: E402, F403
from config.settings import DATA_DIR, DATABASES, MAILERS, MIDDLEWARE  # noqa: E402

# Tests make databases and disable triggers; what they serve has a DATABASE_URL and runs as the product does.
if "DATABASE_URL" not in os.environ:
    DATABASES["default"]["USER"] = postgres.ADMIN
DATABASE_OWNER = DATABASES["default"]
DATABASE_ROLE = postgres.APPLICATION

SECRET_KEY = "only-for-tests-and-therefore-not-a-secret-at-all-but-long-enough"
DEMO = True  # the mail box page is part of the story
STORAGES = {
    "default": {"BACKEND": "signoff.pictures.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # it wants collected files
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")  # workers run side by side and empty their folders
CHECKPOINT_DIR = DATA_DIR / "checkpoints" / _worker
CHECKPOINT_KEY = "only-for-tests"
MEDIA_ROOT = DATA_DIR / "media" / _worker
MAIL_DIR = DATA_DIR / "mail" / _worker
MAILERS = MAILERS | {"default": MAILERS["default"] | {"OPTIONS": {"file_path": MAIL_DIR}}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"
A_NUDGE_WAITS = None
