"""Every setting of the site, in one file, read from the environment.

With nothing set it runs: SQLite, captured mail, offline captcha. docs/architecture.md lists the variables.
"""

from pathlib import Path

import environ

from portal.local_secrets import local_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data")))  # database, static files, local secrets
SECRET_KEY = env.str("SECRET_KEY", default="") or local_secret(DATA_DIR, "secret-key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

DEBUG = False  # a trace is never shown, on no machine

# --- What this installation is -------------------------------------------------------------------------------
# DEMO opens what only a training room may have: cards with logins and the mailbox on screen.
# The simulation band, the NIK rule and the host guard are not settings: they cannot be switched off.
DEMO = env.bool("DEMO", default=False)
HTTPS = env.bool("HTTPS", default=False)
ALLOWED_HOSTS = env.list("HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_ORIGIN = env.str("SITE_ORIGIN", default="")  # for links in mail, e.g. https://latih.example; never from a request
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many proxies of ours append to X-Forwarded-For
WORKERS = env.int("WORKERS", default=1)

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "accounts.apps.AccountsConfig",
    "jht.apps.JhtConfig",
    "portal.admin_site.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django_recaptcha",
    "csp",
]

MIDDLEWARE = [
    "portal.middleware.SafeHeaders",
    "portal.middleware.SimulationGuard",
    "portal.middleware.Unavailable",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.RefuseMalformed",
    "portal.training.steering.telling.Bell",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.training.seats.middleware.Seats",
    "portal.middleware.Clock",
    "portal.training.steering.glancing.Glances",
    "portal.training.runs.recording.Witness",
    "portal.middleware.PrivatePages",
    "portal.training.trouble.interference.Interference",
    "allauth.account.middleware.AccountMiddleware",
    "portal.jmo.places.Door",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

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
                "portal.context.site",
            ],
            "builtins": ["django.templatetags.static", "portal.templatetags.latih"],
        },
    }
]
FORM_RENDERER = "portal.training.runs.shown.Renderer"  # Django's, and notes on a seat which errors were shown

# --- Data ----------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Several processes write at once: IMMEDIATE takes the write lock first, so nobody fails half-way with "locked";
    # FULL makes every acknowledged write survive a power cut. Measured in tests/robust.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728; "
            "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-20000"
        ),
    }
else:
    # An unreachable database becomes a 503 within seconds, and connections that died are replaced.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "tcp_user_timeout": 5000,  # milliseconds: a server that vanished from the network is an outage, not a wait
        # Giving up early lets the next request try at once, instead of waiting out a growing pause after an outage.
        "pool": {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL", default=8),
            "timeout": 5,
            "reconnect_timeout": 4,
        },
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all workers, always: captcha answers, limits and codes are used up here.
# The database cache throws away a third of its rows above MAX_ENTRIES (300 unless told otherwise), which would
# make used captcha answers valid again.
CACHES = {"default": env.cache("CACHE_URL", default="dbcache://portal_cache")}
if CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 1_000_000}
elif CACHES["default"]["BACKEND"].endswith("RedisCache"):
    CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 2, "socket_timeout": 2}  # seconds

# --- Who is there --------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
PASSWORD_HASHERS = ["accounts.hashers.OwaspArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator"},
    {"NAME": "accounts.passwords.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # accounts/limits.py counts instead; docs/decisions/ says why
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
}

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sesi" if HTTPS else "sesi"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN] if SITE_ORIGIN else []
DEMO_PREFILL = "portal.training.seats.cards.prefill"  # request, slug of a card on the login page → e-mail and password
JHT_MAY_LINK = "portal.reach.may_link"  # account, membership → whether the one may be linked to the other
JHT_MAY_ADD = "portal.reach.may_add"  # account, membership → whether the one may add the other, its own
JHT_DESK_SCOPE = "portal.reach_at_desk.desk_scope"  # account → what it works with at the desk
# What a class may disturb on purpose (portal/training/trouble/faults.py); asked only in a demo, and idle on no seat.
ACCOUNTS_MAIL_ARRIVES = (
    "portal.training.trouble.interference.mail_arrives"  # address, mailbox, ordinary arrival → arrival
)
ACCOUNTS_TEXT_ARRIVES = "portal.training.trouble.interference.text_arrives"  # phone, ordinary arrival → arrival
REACH_FAILS = (
    "portal.training.trouble.interference.fails"  # id of a fault → whether a lookup that succeeds fails for once
)
SMS_REPLY = "portal.training.trouble.interference.reply"  # text to 2757 → what is answered instead, or None
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=15)

# --- Captcha: "Saya bukan robot" -----------------------------------------------------------------------------
# Google's when both keys are set; otherwise our own proof of work, which needs no internet.
RECAPTCHA_PUBLIC_KEY = env.str("RECAPTCHA_SITE_KEY", default="")
RECAPTCHA_PRIVATE_KEY = env.str("RECAPTCHA_SECRET_KEY", default="")
RECAPTCHA_DOMAIN = env.str("RECAPTCHA_DOMAIN", default="www.google.com")
RECAPTCHA_VERIFY_REQUEST_TIMEOUT = 5  # seconds
USE_RECAPTCHA = bool(RECAPTCHA_PUBLIC_KEY and RECAPTCHA_PRIVATE_KEY)

# --- Mail ----------------------------------------------------------------------------------------------------
# Every mail goes into the outbox first. Without EMAIL_URL it stays there: nothing leaves the machine.
EMAIL_BACKEND = "accounts.outbox.OutboxBackend"
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    _smtp = env.email_url_config(EMAIL_URL)
    EMAIL_HOST, EMAIL_PORT = _smtp["EMAIL_HOST"], _smtp["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _smtp["EMAIL_HOST_USER"] or "", _smtp["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _smtp.get("EMAIL_USE_TLS", False), _smtp.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 5  # seconds for each step of the dialogue; accounts/delivery.py counts on it
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="Portal Latih (SIMULASI) <simulasi@latih.test>")

# --- Texts ---------------------------------------------------------------------------------------------------
# Texts to invented phones stay on screen. A gateway may bring texts in once it knows the secret, and takes our own out
# when SMS_URL names its sendsms service.
SMS_SECRET = env.str("SMS_SECRET", default="")
SMS_GATEWAYS = env.list("SMS_GATEWAYS", default=["127.0.0.1/32", "::1/128"])  # networks
SMS_URL = env.str("SMS_URL", default="")
SMS_ANY_NUMBER = env.bool("SMS_ANY_NUMBER", default=False)  # whether real phones may take part, beside 0849…

# --- Records of learning --------------------------------------------------------------------------------------
# Where a trainer may send results of a class (xAPI 1.0.3), e.g. https://lrs.example/xapi; empty: to a file only.
LRS_URL = env.str("LRS_URL", default="")
LRS_KEY = env.str("LRS_KEY", default="")
LRS_SECRET = env.str("LRS_SECRET", default="")

# --- The app ---------------------------------------------------------------------------------------------------
# The brochure asks for the kind of membership first, the newspapers for the citizenship; both are in print.
JMO_CITIZENSHIP_FIRST = env.bool("JMO_CITIZENSHIP_FIRST", default=False)

# --- Doors ---------------------------------------------------------------------------------------------------
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # the proxy asks by plain http from inside
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # portal.middleware.SafeHeaders sends it where browsers heed it
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes; no form here is larger
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
UPLOADS = {"/petugas/jht/importjob/add/": 62 * 1024 * 1024}  # bytes, where files come in: jht.imports.limits

# --- Files, words, clocks ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LANGUAGE_CODE = "id"
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # Host names that are not ours are answered, not logged: a scanner must not be able to fill the disk.
    # The connection pool repeats, for every attempt, what portal.outage says once for every request.
    "loggers": {
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "psycopg.pool": {"level": "ERROR"},
    },
}
