# The application, for web, worker and one-off commands alike. It holds no state and no secret:
# both come by environment, docs/operators.md says which.
FROM python:3.13-slim-trixie

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    XDG_CACHE_HOME=/tmp

RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin gutskin
WORKDIR /app

# Leaflets: Pango lays them out, HarfBuzz cuts the font to what is used, DejaVu has every sign that is in them.
# Backups: pg_dump, pg_restore and psql, in trixie of the same version 17 as the database of compose.yaml.
# Not pinned: Debian keeps one version of each, and takes the old one away with every security update.
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install --yes --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 postgresql-client && \
    rm -rf /var/lib/apt/lists/*

# Before the code, so that a change of the code does not install everything again.
COPY requirements.txt requirements-pdf.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt -r requirements-pdf.txt

COPY manage.py Procfile ./
COPY gutskin gutskin
COPY education education
COPY consultations consultations
COPY templates templates
COPY static static

# Static files are part of the image, owned by root and readable for the user below.
# These settings are for this one command, they protect nothing and are not kept.
RUN SECRET_KEY=only-for-collectstatic \
    FIELD_ENCRYPTION_KEYS=build:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= \
    ALLOWED_HOSTS=localhost SITE_URL=https://localhost PRIVACY_EMAIL=build@localhost \
    python manage.py collectstatic --noinput --verbosity 0 && \
    chmod -R a+rX var && \
    install --directory --owner=10001 /srv/static

USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-m", "gutskin.probe"]
CMD ["python", "-m", "gutskin.procfile", "web"]
