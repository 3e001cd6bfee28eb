# One image for web, worker and beat; docker-compose.yml says which of them a container is.

FROM node:22-bookworm-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM python:3.12-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PATH=/app/.venv/bin:$PATH \
    VEIKART_ENVIRONMENT=production \
    VEIKART_VAR_DIR=/var/lib/veikart \
    STATIC_ROOT=/app/staticfiles
# What WeasyPrint draws PDF with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app

FROM base AS build
# The same version as in script/bootstrap.
ARG UV_VERSION=0.13.9
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir "uv==$UV_VERSION"
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --python /usr/local/bin/python3
COPY . .
COPY --from=frontend /app/node_modules node_modules
RUN pybabel -q compile -d locale -D django \
    && SECRET_KEY=only-for-collecting-static-files ALLOWED_HOSTS=localhost \
        DATABASE_URL=sqlite://:memory: \
        python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf node_modules

FROM base
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/veikart \
        --shell /usr/sbin/nologin veikart \
    && install -d -o veikart -g veikart /var/lib/veikart
# Owned by root: the running program cannot change its own code.
COPY --from=build /app /app
USER veikart
VOLUME /var/lib/veikart
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 \
    CMD ["python", "deploy/healthy.py", "web"]
CMD ["deploy/web"]
