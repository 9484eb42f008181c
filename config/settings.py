"""One settings module; everything that differs between installations comes from the environment.

Without any variable the code runs on the embedded PostgreSQL, a broker made of files, media on
disk and mail written to files. See README, "Deploy", for the variables.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import environ
from django.utils.csp import CSP
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from config.runtime import broker, postgres
from signoff.db.prepared.cursor import Cursor

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
DATA_DIR = postgres.DATA_DIR

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or lazy(postgres.stored_secret, str)()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")
SECURE = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "config",
    "feedback",
    "refunds",
    "inspection",
    "returns",
    "signoff",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_fsm",
    "django_htmx",
    "pgtrigger",
    "simple_history",
]

MIDDLEWARE = [
    "config.web.middleware.HealthCheckHosts",
    "django.middleware.security.SecurityMiddleware",
    "config.web.compression.CompressedPages",
    "config.web.bodies.BoundedBodies",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.web.allowed_methods.PageMethods",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "signoff.pictures.turns.PictureTurns",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.web.middleware.ReadersChoices",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.web.middleware.PersonalPages",
    "config.web.mfa.SecondStepRequired",
    "config.web.middleware.ErrorPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.web.context.project_context",
                "config.demo.context.demo_filling",
            ],
        },
    }
]

# Database: DATABASE_URL, or the embedded server (docs/decisions/0001-embedded-postgresql.md). Migrations connect as the
# owner, DATABASE_OWNER_URL; the application's role gets rights on rows only (0036-an-owner-and-an-application-role.md).
DATABASES = {"default": env.db_url("DATABASE_URL", default=postgres.url())}
DATABASE_ROLE = DATABASES["default"]["USER"]
DATABASE_OWNER = env.db_url(
    "DATABASE_OWNER_URL", default=env.str("DATABASE_URL", default="") or postgres.url(postgres.OWNER)
)
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).update(
    options="-c lock_timeout=3000",
    server_side_binding=True,
    cursor_factory=Cursor,
    prepare_threshold=2 if env.bool("PREPARED_STATEMENTS", default=True) else None,  # decision 0027
)

# Signed checkpoints of the books, outside the database (docs/decisions/0020-signed-checkpoints.md).
CHECKPOINT_DIR = Path(env.str("CHECKPOINT_DIR", default=str(DATA_DIR / "checkpoints")))
CHECKPOINT_KEY = env.str("CHECKPOINT_KEY", default="") or lazy(postgres.stored_secret, str)("checkpoint_key")

# Authentication.
AUTHENTICATION_BACKENDS = ["config.web.auth_backend.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.web.accounts.StaffOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
# The library counts in the cache of each process; attempts to sign in count in the database (signoff/web/attempts.py).
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reset_password": "20/m/ip"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# Second step of signing in (config/web/mfa.py). Unset, those who approve or pay need one everywhere but in the demo.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=None)
ATTEMPTS_ALARM = env.int("ATTEMPTS_ALARM", default=50)  # refusals in an hour from which managers get a mail
MFA_ADAPTER = "config.web.mfa.MfaAdapter"
MFA_FORMS = {
    "authenticate": "config.web.mfa.CodeForm",
    "reauthenticate": "config.web.mfa.CodeAgainForm",
    "activate_totp": "config.web.mfa.FirstCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Homeward"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones are up to half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # administrators make the accounts; nobody signs up with somebody else's address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

# Cookies and headers.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # a load balancer checks over plain http
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
TLS_WITHOUT_PROXY = env.bool("TLS_WITHOUT_PROXY", default=False)  # the stated exception of a check
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}

# Languages and time.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("zh-hant", _("Traditional Chinese"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.i18n.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# Files.
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.web.staticfiles.BootstrapFinder",
]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "signoff.pictures.storage.WholeFiles"},
    "staticfiles": {
        "BACKEND": "config.web.staticfiles.CachedUrlStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},  # for every web server
    },
}
if bucket := env.str("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "access_key": env.str("S3_ACCESS_KEY", default=None),
            "secret_key": env.str("S3_SECRET_KEY", default=None),
            "region_name": env.str("S3_REGION", default=None),
            "default_acl": "private",
            "querystring_auth": True,
        },
    }
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "signoff.pictures.storage.TemporaryFiles",
]
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a bulk step names up to 1,000 rows; too many get a sentence of their own
# Longest body in bytes, for addresses that take no files (config/web/bodies.py). Not more than is kept in memory, so
# that nothing of theirs is ever written to disk.
BODY_MAX = FILE_UPLOAD_MAX_MEMORY_SIZE
DISK_LOW = env.int("DISK_LOW_MB", default=1024) * 1024**2  # bytes free, below which 'manage.py run' warns
# Requests of the whole machine whose pictures are decoded at the same time; others are answered 429 at once.
PICTURES_AT_ONCE = env.int("PICTURES_AT_ONCE", default=max(2, (os.cpu_count() or 1) // 2))

# Mail: SMTP by EMAIL_URL (smtp+tls://user:password@host:587), else files that /demo/mail/ shows.
MAIL_DIR = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Homeward <after-sales@localhost>")
if env.str("EMAIL_URL", default=""):
    _mail = env.email_url("EMAIL_URL")
    MAILERS = {
        "default": {
            "BACKEND": _mail["EMAIL_BACKEND"],
            "OPTIONS": {
                "host": _mail["EMAIL_HOST"],
                "port": _mail["EMAIL_PORT"] or 25,
                "username": _mail["EMAIL_HOST_USER"] or "",
                "password": _mail["EMAIL_HOST_PASSWORD"] or "",
                "use_tls": _mail.get("EMAIL_USE_TLS", False),
                "use_ssl": _mail.get("EMAIL_USE_SSL", False),
                "timeout": 30,
            },
        }
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": MAIL_DIR},
        }
    }

# Mails in: replies go to reply+TOKEN@REPLY_DOMAIN, which a webhook with one of these secrets or a mailbox
# (imaps://user:password@host/INBOX) brings here. Without a domain, replies go to the shop's own address.
REPLY_DOMAIN = env.str("REPLY_DOMAIN", default="reply.homeward.example" if DEMO else "")
MAIL_HOOKS = {"standard": env.list("MAIL_HOOK_SECRETS", default=[])}
IMAP_URL = env.str("IMAP_URL", default="")

# Text messages (signoff/sms): by Twilio or Alibaba Cloud, else files beside the mails.
SMS: dict[str, Any] = {"CHANNEL": "signoff.sms.files.FileChannel", "OPTIONS": {"folder": MAIL_DIR}}
match env.str("SMS_CHANNEL", default="files"):
    case "twilio":
        SMS = {
            "CHANNEL": "signoff.sms.twilio.TwilioChannel",
            "OPTIONS": {
                "account": env.str("TWILIO_ACCOUNT_SID"),
                "token": env.str("TWILIO_AUTH_TOKEN"),
                "sender": env.str("TWILIO_SENDER"),
            },
        }
    case "aliyun":
        SMS = {
            "CHANNEL": "signoff.sms.aliyun.AliyunChannel",
            "OPTIONS": {
                "key": env.str("ALIYUN_ACCESS_KEY_ID"),
                "secret": env.str("ALIYUN_ACCESS_KEY_SECRET"),
                "signature": env.str("ALIYUN_SMS_SIGNATURE"),
                "templates": {"entry_code": env.str("ALIYUN_SMS_ENTRY_CODE")},
            },
        }

# Tracking services: the secrets that sign their webhooks, the key for their API, and our account there; which one is
# polled about parcels that no webhook covers (unset: the only one with a key).
TRACKING = {
    name: {
        "secrets": env.list(f"TRACKING_{name.upper()}_SECRETS", default=[]),
        "key": env.str(f"TRACKING_{name.upper()}_KEY", default=""),
        "account": env.str(f"TRACKING_{name.upper()}_ACCOUNT", default=""),
    }
    for name in ("easypost", "aftership", "shippo", "17track", "kuaidi100", "kdniao")
}
TRACKING_POLLS = env.str("TRACKING_POLLS", default="")

# Paying refunds: the time a worker has for one, the time a provider surely remembers an idempotency key (24 hours or
# more), and the delays before a payment without an answer is queried again. The proofs set shorter ones.
REFUND_LEASE = timedelta(minutes=5)  # longer than any call may take
REFUND_KEY_LASTS = timedelta(hours=20)
REFUND_ASKED_AGAIN_AFTER = timedelta(minutes=10)

# Lists: rows on a page; rows that a page scans when a search term is very frequent; and the number of matches from
# which a term counts as very frequent, so that matches are checked row by row instead of collected.
PAGE_SIZE = 25
PAGE_REACH = 3000
SEARCH_LISTS = 2000
BENCH_ROWS = 25  # in each list of the bench, which says when there are more; scanning still finds them

# Jobs: rows are the queue, the broker only wakes the workers. The timetable picks up what a lost nudge left.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost//")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS: Mapping[str, object] = {}
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = broker.OPTIONS
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
elif CELERY_BROKER_URL.startswith(("redis", "sentinel")):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}  # longer than any job may take
# A request that wakes the workers waits this long for the broker, and after a failure it is left alone for a while.
BROKER_PATIENCE = 0.1  # seconds
BROKER_PAUSE = 10.0  # seconds
CELERY_TIMEZONE = "UTC"
WAKING_TASK = broker.NUDGE  # the task that a nudge starts
# Checked before a nudge is sent: while one is queued, another would add nothing.
A_NUDGE_WAITS = broker.has_waiting_nudge if CELERY_BROKER_URL.startswith("filesystem:") else None
CELERY_TASK_IGNORE_RESULT = CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# What ran when is kept in a file, so that an hourly job which is overdue at a start (or never ran) runs at once.
CELERY_BEAT_SCHEDULER = "config.runtime.celery:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "schedule")
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": 30.0, "options": {"expires": 25}}
    for name in (
        "config.tasks.warn_managers",
        "signoff.tasks.send_entry_codes",
        "signoff.tasks.read_tracking",
        "signoff.tasks.poll_tracking",
        "signoff.tasks.sign_due",
        "signoff.tasks.start_imports",
        "signoff.tasks.run_bulk",
        "refunds.tasks.follow_verdicts",
        "refunds.tasks.compare_reports",
        "refunds.tasks.pay_due",
        "refunds.tasks.finish_settled",
        "refunds.tasks.book_claims",
        "returns.tasks.open_cases",
        "returns.tasks.run_clocks",
        "feedback.tasks.poll_mailbox",
        "feedback.tasks.process_mails",
        "feedback.tasks.read_logbook",
        "feedback.tasks.notify_deliveries",
        "feedback.tasks.send_messages",
        "feedback.tasks.notify_staff",
    )
} | {
    name: {"task": name, "schedule": 3600.0, "last_run_at": NEVER}
    for name in (
        "signoff.tasks.find_exceptions",
        "signoff.tasks.forget_entries",
        "signoff.tasks.forget_sessions",
        "signoff.tasks.forget_tracking",
        "signoff.tasks.forget_answers",
        "signoff.tasks.forget_imports",
        "signoff.tasks.forget_photos",
        "feedback.tasks.forget_mails",
        "signoff.tasks.raise_violations",
        "signoff.tasks.count_scorecards",
        "returns.tasks.forget_drafts",
        "returns.tasks.write_checkpoint",
        "refunds.tasks.forget_payees",
        "feedback.tasks.forget_notifications",
        "refunds.tasks.write_checkpoint",
    )
}

# Form rendering, history.
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.runtime.log_masking.MaskedFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # at INFO they log URLs and headers of outgoing calls, which contain tracking numbers and keys
    "loggers": {
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        # Django's own handlers do not mask
        "django": {"handlers": [], "level": "INFO" if DEBUG else "NOTSET"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
