# The bot, or any command of Footnote: docker build --tag footnote . && docker run --rm footnote --help
# What it stands on is pinned by requirements.lock; nothing runs as root, and only /data and /tmp are written.

FROM python:3.11-slim-bookworm AS build

# The index of CPU wheels that PyTorch's "Get started" page names, for a slim image. Empty is PyPI's torch, which brings
# several GB of CUDA along, and computes on a GPU.
ARG TORCH_INDEX=
# Chat models, and generations that are shared in a bucket.
ARG EXTRAS=s3,ollama,openai,anthropic

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/footnote
ENV PATH=/opt/footnote/bin:$PATH

WORKDIR /source
COPY requirements.lock requirements-dev.lock ./
# hadolint ignore=DL3013
RUN pip install --no-deps ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "$(grep '^torch==' requirements.lock)" \
    && pip install --no-deps --requirement requirements.lock

COPY pyproject.toml README.md LICENSE .env.example ./
COPY corpus corpus
COPY index index
COPY bot bot
RUN pip install --no-build-isolation --constraint requirements.lock --constraint requirements-dev.lock ".[$EXTRAS]"


FROM python:3.11-slim-bookworm

# For sources that are git repositories.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 footnote \
    && useradd --uid 10001 --gid footnote --no-create-home --home-dir /data footnote \
    && install --directory --owner=footnote --group=footnote --mode=0700 /data

COPY --from=build /opt/footnote /opt/footnote

ENV PATH=/opt/footnote/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    MPLCONFIGDIR=/tmp/matplotlib \
    FOOTNOTE_CORPUS=/corpus \
    FOOTNOTE_DATA=/data \
    FOOTNOTE_MONITORING=9464

WORKDIR /tmp
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=30s --timeout=5s --start-period=5m \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9464/healthz', timeout=4)"]

ENTRYPOINT ["footnote"]
CMD ["discord"]
