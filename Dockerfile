# The image of workers, Flower and one-off commands alike.
FROM python:3.12-slim AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/pagefacts
WORKDIR /src
# The dependencies first: they change seldom, and this layer is kept.
COPY pyproject.toml uv.lock README.md LICENSE NOTICE ./
RUN uv sync --locked --no-dev --extra otel --no-install-project
COPY config config
COPY pagefacts pagefacts
COPY tasks tasks
COPY worker worker
RUN uv sync --locked --no-dev --extra otel --no-editable

FROM python:3.12-slim
RUN groupadd --system --gid 10001 pagefacts && useradd --system --uid 10001 --gid 10001 --create-home pagefacts
COPY --from=build /opt/pagefacts /opt/pagefacts
ENV PATH=/opt/pagefacts/bin:$PATH PYTHONUNBUFFERED=1
# By number, so that whoever runs it sees without the image's /etc/passwd that it is not root.
USER 10001:10001
WORKDIR /home/pagefacts
STOPSIGNAL SIGTERM
# Of a worker; whatever else is run of this image has a check of its own, or none (--no-healthcheck).
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["pagefacts", "health", "--ready"]
ENTRYPOINT ["pagefacts"]
CMD ["worker"]
