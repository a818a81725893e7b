"""Settings, decided by the environment. docs/operators.md lists every variable."""

import os
import tempfile
import zlib
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _lazy
from whitenoise.compress import Compressor

from gutskin import limits
from gutskin.encryption.keys import parse_key_ring
from gutskin.environment import BASE_DIR, VAR_DIR, env, secret, web_address

# Core: https://docs.djangoproject.com/en/5.2/ref/settings/#core-settings
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
# Links in mail and canonical addresses are built from this, never from what a request claims.
SITE_URL = web_address("SITE_URL")
# Off only for local development: browsers refuse Secure cookies over plain http.
HTTPS = env.bool("HTTPS", default=True)
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Name the hosts the site answers to, separated by commas.")

INSTALLED_APPS = [
    "gutskin.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "gutskin.apps.StaticFilesConfig",
    "django.contrib.sitemaps",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_prose_editor",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "gutskin.apps.UserSessionsConfig",
    "axes",
    "gutskin.apps.GutSkinConfig",
    "gutskin.encryption",
    "gutskin.audit",
    "gutskin.mail",
    "gutskin.drafts",
    "gutskin.heartbeats",
    "gutskin.page_cache",
    "gutskin.accounts",
    "education",
    "consultations",
]

MIDDLEWARE = [
    "gutskin.proxy.UnconfiguredProxyMiddleware",
    "gutskin.large_forms.DrainBodyMiddleware",
    "gutskin.not_modified.NotModifiedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "gutskin.middleware.SecurityHeadersMiddleware",
    # Before those that answer by themselves, so that their pages have the header too.
    "csp.middleware.CSPMiddleware",
    "gutskin.middleware.RefuseNulBytesMiddleware",
    "gutskin.open_data.OpenDataMiddleware",
    "gutskin.http_methods.HttpMethodMiddleware",
    "gutskin.large_forms.RefuseLargeFormsMiddleware",
    "gutskin.static_files.StaticFilesMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "gutskin.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "gutskin.cross_site.HiddenOriginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "gutskin.middleware.IgnoreMalformedCsrfCookieMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gutskin.accounts.session_timeout.SessionTimeoutMiddleware",
    "gutskin.accounts.second_factor.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gutskin.urls"
WSGI_APPLICATION = "gutskin.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "gutskin.context_processors.site",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Database: https://docs.djangoproject.com/en/5.2/ref/databases/
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'gutskin.sqlite3'}")}
# Seconds. To open a connection for each request would take a third of the CPU of storing one on SQLite.
DATABASES["default"]["CONN_MAX_AGE"] = 60
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Its writers wait for their turn in short steps.
    DATABASES["default"]["ENGINE"] = "gutskin.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 5,
        # A writer waits at BEGIN for its turn, instead of failing half-way through.
        "transaction_mode": "IMMEDIATE",
        # synchronous=FULL: a request that we thanked for survives a power cut. secure_delete: erased means erased.
        # cache_size, in kB: each thread keeps as many, and what is read again is in the memory of the system.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
        "PRAGMA cache_size=-400;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Waiting for a lock, or for a server that is gone, ends with an error after five seconds as well.
    DATABASES["default"].setdefault("OPTIONS", {}).update(connect_timeout=5, options="-c lock_timeout=5s")

BACKUP_DIR = VAR_DIR / "backups"
# /readyz says when the last `manage.py backup` is older. Once a day, plus half a day to notice it. 0: made otherwise.
BACKUP_WITHIN_HOURS = env.int("BACKUP_WITHIN_HOURS", default=36)

# Cache: https://docs.djangoproject.com/en/5.2/topics/cache/
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# Finished public pages: gutskin/page_cache/. With 0 MB, and with DEBUG, every page is rendered for every reader.
PAGE_CACHE_BYTES = 0 if DEBUG else 1_000_000 * env.int("PAGE_CACHE_MEGABYTES", default=32)
# A changed page is seen everywhere after this many seconds.
PAGE_CACHE_CHECK = 0.5
# How long pages can be read while the database is down: after that, a page that was withdrawn might still be there.
PAGE_CACHE_WITHOUT_DATABASE = env.int("PAGE_CACHE_SECONDS_WITHOUT_DATABASE", default=300)

# Mail: https://docs.djangoproject.com/en/5.2/topics/email/
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="GutSkin <gutskin@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where the notice of a new request goes: a shared mailbox of the intake team.
INTAKE_EMAIL = env.email("INTAKE_EMAIL", default="intake@localhost")
# Who is told when someone gains a way to patients' stories. Required where patients are: accounts, and so the addresses
# of privacy leads, can be changed in admin. Without it, everyone in the group “Privacy lead” who has an address.
PRIVACY_EMAIL = env.email("PRIVACY_EMAIL", default="")
if HTTPS and not DEBUG and not PRIVACY_EMAIL:
    raise ImproperlyConfigured(
        "PRIVACY_EMAIL is not set. Give the address of the person who looks after privacy: it gets a mail when someone "
        "gains access to patients' requests. It must not be the mailbox of a superuser."
    )

# Languages: https://docs.djangoproject.com/en/5.2/topics/i18n/
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _lazy("English"))]
TIME_ZONE = env.time_zone("TIME_ZONE", default="Europe/London")
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["gutskin.formats"]

# Whose emergency numbers come first, as in gutskin/emergency_numbers.toml
COUNTRY = env.str("COUNTRY", default="GB").strip().upper()

# For machines: who publishes the texts, and whom to tell about a vulnerability (RFC 9116)
PUBLISHER_NAME = env.str("PUBLISHER_NAME", default="GutSkin")
SECURITY_CONTACT = env.contacts("SECURITY_CONTACT", default=[])

# Static files: https://whitenoise.readthedocs.io/en/stable/django.html
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
# Django would make collected files readable for every user of the machine.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "gutskin.static_files.StaticFiles"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Compressing takes most of a first start's time. Without second copies and source maps, it takes a quarter of that.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
MEDIA_ROOT = VAR_DIR / "media"

# Security: https://docs.djangoproject.com/en/5.2/topics/security/ and docs/security.md
FIELD_ENCRYPTION_KEYS = parse_key_ring(secret("FIELD_ENCRYPTION_KEYS"), name="FIELD_ENCRYPTION_KEYS")
# For digests that must be found again for years: receipt codes, e-mail addresses, the chain of audit events.
DIGEST_KEY = env.str("DIGEST_KEY", default="") or SECRET_KEY
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# Only behind a proxy of ours: then its headers about the visitor's address and scheme are trusted.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# The load balancer asks over plain http from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A __Host- cookie cannot be set or read by a sub-domain; browsers take the name only over https.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "gutskin.errors.csrf_failure"
# Not LARGEST_FORM_BYTES, which gutskin/large_forms.py applies: Django would forget what it has read.
DATA_UPLOAD_MAX_MEMORY_SIZE = limits.LARGEST_READ_FORM_BYTES
# No form takes a file, except those that set a handler of their own: patients' photos (consultations/photos/upload.py)
# and the import of references (education/admin/reference_upload.py).
# A file sent to any other form would fill the disk: the limit above does not count files.
FILE_UPLOAD_HANDLERS = ["gutskin.large_forms.NoFilesUploadHandler"]
# The locks by which the processes of this machine count the photos that are decoded at once. Not in VAR_DIR, which is
# read-only in a container, but apart for each site and each user of the machine.
PHOTO_LOCKS_DIR = Path(tempfile.gettempdir()) / f"gutskin-{os.getuid()}-{zlib.crc32(bytes(VAR_DIR)):08x}"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# Staff: https://docs.djangoproject.com/en/5.2/topics/auth/
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": limits.SHORTEST_PASSWORD},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
# For a login whose `next` is missing or leads to another host.
LOGIN_REDIRECT_URL = "admin:index"
SESSION_ENGINE = "gutskin.accounts.session_store"
SESSION_COOKIE_AGE = int(limits.SESSION_LASTS.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# An idle session ends much earlier. Pages report keys and clicks to this address, so that typing counts as activity.
SESSION_IDLE_SECONDS = 60 * env.int("SESSION_IDLE_MINUTES", default=limits.SESSION_IDLE_MINUTES)
STILL_HERE_PATH = "/accounts/still-here/"

# Login: https://docs.allauth.org/en/latest/account/configuration.html and …/mfa/configuration.html
ACCOUNT_ADAPTER = "gutskin.accounts.account_adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(limits.REAUTHENTICATION_LASTS.total_seconds())
# allauth counts in the cache, and each process may have its own. We count in the database: accounts/lockout.py.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "gutskin.accounts.mfa_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Clocks of phones are a little wrong: the code before and the one after are accepted too.
MFA_TOTP_TOLERANCE = 1

# Lockout: https://django-axes.readthedocs.io/en/latest/4_configuration.html
AXES_FAILURE_LIMIT = limits.WRONG_LOGINS
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOCKOUT_MINUTES", default=limits.LOCKOUT_MINUTES))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# Trying again while locked out does not make it longer: the page says until when it lasts.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "gutskin.accounts.lockout.login_address"
AXES_USERNAME_CALLABLE = "gutskin.accounts.lockout.counted_name"
AXES_LOCKOUT_CALLABLE = "gutskin.accounts.lockout.locked_out"
AXES_SENSITIVE_PARAMETERS = ["login", "next", "code", "credential", "oldpassword", "password1", "password2"]
# A CSRF token contains its own mask, so it reveals the secret in the cookie.
AXES_SENSITIVE_PARAMETERS += ["csrfmiddlewaretoken"]
# Logins are in our own audit log; axes only counts.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# The request for a consultation
# Working days until a first reply is due, by urgency
REPLY_WITHIN_WORKING_DAYS = env.int("REPLY_WITHIN_WORKING_DAYS", default=10)
REPLY_SOON_WITHIN_WORKING_DAYS = env.int("REPLY_SOON_WITHIN_WORKING_DAYS", default=3)
REPLY_URGENT_WITHIN_WORKING_DAYS = env.int("REPLY_URGENT_WITHIN_WORKING_DAYS", default=1)
# Days that a request is kept after it was closed, withdrawn or marked as spam. Unset: for ever, and a check warns.
RETENTION_DAYS = env.int("RETENTION_DAYS", default=0) or None
# Days besides Saturday and Sunday on which no one works
HOLIDAYS = env.dates("HOLIDAYS", default=[])
CLINIC_PHONE = env.str("CLINIC_PHONE", default="")
# In words, as patients read them: "Monday to Friday, 9:00 to 17:00"
OPENING_HOURS = env.str("OPENING_HOURS", default="")

# Registers of papers, queried by admin and check_references. How we query them: education/references/client.py
CROSSREF_URL = env.str("CROSSREF_URL", default="https://api.crossref.org")
PUBMED_URL = env.str("PUBMED_URL", default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils")
# An e-mail address where the registers can tell us that we send too many queries.
REGISTER_CONTACT = env.str("REGISTER_CONTACT", default="")
NCBI_API_KEY = env.str("NCBI_API_KEY", default="")
REGISTER_TIMEOUT = env.float("REGISTER_TIMEOUT", default=10)
REGISTER_PAUSE = env.float("REGISTER_PAUSE", default=0.4)
# The scheduler asks PubMed each week for new trials about each cell of the evidence map.
EVIDENCE_WATCH = env.bool("EVIDENCE_WATCH", default=True)

# Logs: one JSON object per event on standard error, never what a patient wrote. With DEBUG, a plain line.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "gutskin.json_logs.JsonFormatter"},
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line" if DEBUG else "json"}},
    "root": {"handlers": ["stderr"], "level": env.log_level("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # It logs each address that it fetches, and with it our key for PubMed.
        "httpx": {"level": "WARNING"},
        # It logs who tried to log in, and from where. What is needed of that is in the audit log.
        "axes": {"level": "ERROR"},
        # It would log the camera, owner and place of a photo.
        "PIL": {"level": "INFO"},
        # What it cannot parse is reported to the user who pasted it.
        "bibtexparser": {"level": "CRITICAL"},
    },
}
