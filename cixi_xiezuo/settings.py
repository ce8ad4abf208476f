"""Settings, all from the environment with working defaults (the table is in docs/operations.md)."""

from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from cixi_xiezuo.broker import socket_url
from cixi_xiezuo.secret import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# ---- what kind of run this is
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=False)
DEMO = env.bool("DEMO", default=False)
SITE_NAME = env.str("SITE_NAME", default="慈溪市消费帮扶采购系统")
PUBLIC_PAGE = env.bool(
    "PUBLIC_PAGE", default=False
)  # the city's totals and published stories, without log-in
if HTTPS and (DEBUG or DEMO):
    raise ImproperlyConfigured("HTTPS=1 表示正式环境，不能同时打开 DEBUG 或 DEMO。")
if DEMO and "DEBUG" in env.ENVIRON and not DEBUG:
    raise ImproperlyConfigured("DEBUG=0 表示正式环境，演示模式（DEMO=1，密码公开）不能在其中运行。")

# ---- where things are kept
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).absolute()
VAR_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "receipts"))).absolute()
MEDIA_URL = ""  # receipts are private: a view hands them out, no address leads to the folder
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))).absolute()
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "cixi_xiezuo.localfiles.LocalFiles"},
    "work": {  # what people's tasks made, for some days
        "BACKEND": "cixi_xiezuo.localfiles.LocalFiles",
        "OPTIONS": {"location": Path(env.str("WORK_ROOT", default=str(VAR_DIR / "work"))).absolute()},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if S3_BUCKET := env.str("S3_BUCKET", default=""):  # receipts in an S3-compatible store instead
    from cixi_xiezuo import bucketfiles

    STORAGES["default"] = {
        "BACKEND": "cixi_xiezuo.bucketfiles.BucketFiles",
        "OPTIONS": bucketfiles.options(
            bucket=S3_BUCKET,
            endpoint=env.str("S3_ENDPOINT", default=""),
            region=env.str("S3_REGION", default=""),
            key_id=env.str("S3_KEY_ID", default=""),
            secret=env.str("S3_SECRET", default=""),
            prefix=env.str("S3_PREFIX", default=""),
            path_style=env.bool("S3_PATH_STYLE", default=True),
        ),
    }
    STORAGES["work"] = {
        "BACKEND": STORAGES["default"]["BACKEND"],
        "OPTIONS": STORAGES["default"]["OPTIONS"] | {"location": f"{env.str('S3_PREFIX', default='')}work/"},
    }
JOB_DAYS = env.int("JOB_DAYS", default=7)  # that the file of a task is kept

# ---- secrets and hosts
SECRET_KEY = secret_key(
    env.str("SECRET_KEY", default=""),
    VAR_DIR / "secret_key",
    required=HTTPS or ("DEBUG" in env.ENVIRON and not DEBUG),
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PROXIES = env.int("PROXIES", default=1 if HTTPS else 0)  # ours, in front of the web server
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# ---- applications
INSTALLED_APPS = [
    "cixi_xiezuo.apps.CoreConfig",
    "units",
    "procurement",
    "assessment",
    "initiatives",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
]
MIDDLEWARE = [
    "cixi_xiezuo.middleware.IncidentMiddleware",
    "cixi_xiezuo.watching.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cixi_xiezuo.middleware.PublicMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cixi_xiezuo.middleware.NoStoreMiddleware",
    "cixi_xiezuo.middleware.IdleMiddleware",
    "cixi_xiezuo.middleware.TrailMiddleware",
    "cixi_xiezuo.throttle.ThrottleMiddleware",
    "units.middleware.GateMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "cixi_xiezuo.urls"
WSGI_APPLICATION = "cixi_xiezuo.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cixi_xiezuo.context.site",
            ],
        },
    },
]

# ---- database
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}"),
}
PREPARED_STATEMENTS = not env.bool("DATABASE_POOLED", default=False)
"""Whether a connection stays with one session of PostgreSQL, so that it may be given statements to keep."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ENGINE = DATABASES["default"].get("ENGINE")
if ENGINE == "django.db.backends.sqlite3":
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
elif ENGINE == "django.db.backends.postgresql":  # by psycopg2
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if not PREPARED_STATEMENTS:  # a PgBouncer in transaction mode stands between
        DATABASES["default"] |= {"CONN_MAX_AGE": 0, "DISABLE_SERVER_SIDE_CURSORS": True}
    elif STATEMENT_SECONDS := env.int("STATEMENT_SECONDS", default=0):  # wsgi.py sets it for pages
        limits = f"-c statement_timeout={STATEMENT_SECONDS}s -c idle_in_transaction_session_timeout=60s"
        DATABASES["default"].setdefault("OPTIONS", {})["options"] = limits
else:
    raise ImproperlyConfigured("DATABASE_URL 须以 sqlite:/// 或 postgresql:// 开头，见 docs/operations.md。")

# ---- broker and cache: REDIS_URL, else the embedded server's socket that `make run` opens
REDIS_URL = env.str("REDIS_URL", default="") or socket_url(VAR_DIR / "valkey")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "cixi_xiezuo.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cixi",
        "OPTIONS": {
            "serializer": "cixi_xiezuo.cache.JsonSerializer",
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
        },
    }
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = (
    300  # seconds; shorter than the visibility timeout, so that no task runs twice at once
)
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0.2,
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
ALIVE_SECONDS = env.int("ALIVE_SECONDS", default=30)  # that a sign of life of whoever does a task holds
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=60)  # between two looks for work left behind
CELERY_BEAT_SCHEDULE = {  # the core knows no app: a task is named as it calls itself
    "work left behind": {
        "task": "core.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": 0.9 * SWEEP_SECONDS},
    },
    "files to scan": {"task": "procurement.scan_waiting", "schedule": 60, "options": {"expires": 55}},
    "what is overdue": {
        "task": "assessment.remind",
        "schedule": crontab(hour=7, minute=30),
        "options": {"expires": 12 * 3600},
    },
    "accounts nobody uses": {
        "task": "units.disable_idle",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 12 * 3600},
    },
    "how tables are filled": {
        "task": "core.know_tables",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 12 * 3600},
    },
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}

# ---- language and time
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# ---- people
AUTH_USER_MODEL = "units.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email"), "max_similarity": 0.6},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
    {"NAME": "units.passwords.ContextValidator"},
    {"NAME": "units.passwords.MixedValidator"},
]
DENGBAO = env.bool(
    "DENGBAO", default=HTTPS
)  # 等保2.0: mixed passwords, changed every 90 days, 30 idle minutes
PASSWORD_DAYS = env.int("PASSWORD_DAYS", default=90 if DENGBAO else 0)  # 0: for good
IDLE_ACCOUNT_DAYS = env.int("IDLE_ACCOUNT_DAYS", default=90 if DENGBAO else 0)  # 0: never disabled
FIRST_PASSWORD_DAYS = 14  # a first password nobody has used by then opens nothing
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=HTTPS)  # of reviewers and administrators
OTP_TOTP_ISSUER = SITE_NAME
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "cixi_xiezuo.address.address_of"
AXES_LOCKOUT_CALLABLE = "units.views.login.locked_out"

# ---- e-mail: EMAIL_URL, such as smtp+tls://user:password@mail.example:587; without it messages stay on the site
MAIL = bool(env.str("EMAIL_URL", default=""))
if MAIL:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 5  # seconds
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="noreply@localhost")

# ---- sessions, cookies, headers
SESSION_COOKIE_AGE = 60 * env.int("IDLE_MINUTES", default=30 if DENGBAO else 240)  # seconds without a request
SESSION_LONGEST = 12 * 3600  # seconds from log-in, whatever is done
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sid", "__Host-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$", "^api/"]  # which refuses by itself
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
    }
}

# ---- uploads, imports, exports
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes; a larger file goes to disk while it comes in
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes of form fields, files not counted
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a purchase of 1,000 lines, typed at once
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # twice what a drop may hold: it is refused with its own sentence
THROTTLE_PER_PERSON = {  # how often in ten minutes; an address, behind which a town hall may sit, ten times that
    "files": env.int("THROTTLE_FILES", default=1000),
    "exports": env.int("THROTTLE_EXPORTS", default=60),
    "log-ins": env.int("THROTTLE_LOG_INS", default=30),
    "passwords": 10,
    "reads": env.int("THROTTLE_READS", default=3000),  # of the open data interface, by token owner
    "public": env.int("THROTTLE_PUBLIC", default=600),  # of the page for everybody, by address alone
}
THROTTLED = {  # what a POST to these addresses counts as; files count wherever they go
    "login": "log-ins",
    "password_change": "passwords",
    "second_factor": "log-ins",
    **dict.fromkeys(
        ("export", "explain_export", "audit_export", "workbook", "unit_paper", "unit_papers", "pack_part"),
        "exports",
    ),
}
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", default="")  # host:port or a socket path; empty: no virus scan

# ---- PDFs
PDF_FONT = env.str(
    "PDF_FONT", default=""
)  # a TrueType font with Chinese characters; else one of the machine's

# ---- what a monitor sees
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # /metrics for others than this machine; empty: for none
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=500)  # statements that take longer are logged; 0: none
LOG_REQUESTS = env.bool("LOG_REQUESTS", default=HTTPS)  # a line for each request: its page, status and time

# ---- log lines go to standard error
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if HTTPS else "line")
if LOG_FORMAT not in ("json", "line"):
    raise ImproperlyConfigured("LOG_FORMAT 应为 json 或 line。")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"numbered": {"()": "cixi_xiezuo.incidents.Numbered"}},
    "formatters": {
        "line": {
            "()": "cixi_xiezuo.incidents.OneLine",
            "format": "{asctime} {levelname} {name} [{incident}] {message}",
            "style": "{",
        },
        "json": {"()": "cixi_xiezuo.jsonlines.JsonLine"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["numbered"]}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        "celery": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        **{
            name: {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False}
            for name in ("cixi_xiezuo", "units", "procurement", "assessment", "initiatives")
        },
    },
}
