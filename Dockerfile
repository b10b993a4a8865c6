# One image for every part: api-server, scheduler, dag-processor, worker and the audit's own commands.
# The versions are those of constraints.txt, the same the tests ran with.

ARG PYTHON_IMAGE=python:3.12.12-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ARG UV_VERSION=0.13.9
RUN pip install --no-cache-dir "uv==${UV_VERSION}" && python -m venv /opt/venv
WORKDIR /src
# Dependencies first: they change seldom, and this layer is the large one.
COPY pyproject.toml constraints.txt ./
RUN uv pip install --no-cache --python /opt/venv/bin/python -c constraints.txt -r pyproject.toml
COPY LICENSE README.md ./
COPY audit audit
COPY reports reports
RUN uv pip install --no-cache --python /opt/venv/bin/python -c constraints.txt --no-deps . \
    && /opt/venv/bin/python -m compileall -q /opt/venv/lib

FROM ${PYTHON_IMAGE}
# curl answers the health checks: starting Python and Airflow for each would cost eight seconds of CPU.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 50000 --gid 0 --home-dir /opt/airflow --create-home --shell /usr/sbin/nologin airflow \
    && install --directory --owner airflow --group root --mode 0750 \
        /opt/airflow/logs /opt/airflow/dags /var/lib/audit
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    AUDIT_HOME=/var/lib/audit
COPY --from=build /opt/venv /opt/venv
COPY dags /opt/airflow/dags
COPY docker/init.sh docker/roles.py /opt/airflow/docker/
USER 50000:0
WORKDIR /opt/airflow
EXPOSE 8080
CMD ["airflow", "version"]
