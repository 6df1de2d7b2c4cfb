# syntax=docker/dockerfile:1
# One image for web, worker, beat and the release step; a second one (target "operations") also holds PostgreSQL's
# client programs, for backup and restore. Both run as a user without rights.

FROM debian:bookworm-slim AS system
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DEBIAN_FRONTEND=noninteractive
# Python, and Pango with a font: WeasyPrint draws the text of the PDFs with them.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        python3 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core tini \
    && rm -rf /var/lib/apt/lists/*

FROM system AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY requirements/production.txt /build/production.txt
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /build/production.txt
COPY . /app
WORKDIR /app
# The settings refuse to load without these; nothing of them stays in the image.
RUN SECRET_KEY=only-while-the-image-is-built-0123456789-abcdefghijklmnop \
    ALLOWED_HOSTS=build PORTAL_URL=https://build DATABASE_URL=postgresql://build/ REDIS_URL=redis://build/ \
    DJANGO_SETTINGS_MODULE=integration_portal.settings.production STATIC_ROOT=/app/staticfiles \
    /opt/venv/bin/python manage.py collectstatic --noinput \
    && /opt/venv/bin/python -m compileall -q /app /opt/venv/lib

FROM system AS portal
RUN useradd --system --uid 10001 --user-group --home-dir /app --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /var/lib/portal
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=integration_portal.settings.production \
    PORTAL_VAR=/var/lib/portal \
    STATIC_ROOT=/app/staticfiles \
    XDG_CACHE_HOME=/tmp/cache \
    BIND=0.0.0.0:8000
WORKDIR /app
USER 10001:10001
VOLUME /var/lib/portal
EXPOSE 8000
# tini collects ended processes and passes signals on.
ENTRYPOINT ["tini", "--"]
CMD ["gunicorn", "--config", "python:integration_portal.web", "integration_portal.wsgi"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "script/probe", "web"]

FROM postgres:18-bookworm AS operations
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DEBIAN_FRONTEND=noninteractive
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /app --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /var/lib/portal /backups
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=integration_portal.settings.production \
    PORTAL_VAR=/var/lib/portal \
    STATIC_ROOT=/app/staticfiles
WORKDIR /app
USER 10001:10001
ENTRYPOINT []
CMD ["python", "manage.py", "help"]

# What `docker build` without a target makes.
FROM portal
