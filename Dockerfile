# One image for every part: docker run … vigil [ARGS]; alone it is `vigil run`.
FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY script/installer.lock requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --quiet --require-hashes --no-deps --requirement installer.lock \
    && /venv/bin/uv pip install --python /venv/bin/python --require-hashes --compile-bytecode \
        --requirement requirements.lock \
    && /venv/bin/pip uninstall --quiet --yes uv pip
COPY model model
COPY matching matching
COPY store store
COPY watchers watchers
COPY alerts alerts
COPY migrations migrations
COPY bot bot
RUN python -m compileall -q /app && rm installer.lock requirements.lock

FROM python:3.13-slim-bookworm
RUN groupadd --gid 10001 vigil \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin vigil \
    && install -d -o vigil -g vigil -m 0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY config.toml /etc/vigil/config.toml
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 \
    VIGIL_CONFIG=/etc/vigil/config.toml VIGIL_GENERAL__DATA_DIR=/data
WORKDIR /data
VOLUME /data
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 \
    CMD ["/venv/bin/python", "-P", "-m", "bot", "health"]
ENTRYPOINT ["/venv/bin/python", "-P", "-m", "bot"]
CMD ["run"]
