#!/bin/bash
# Runs once, when PostgreSQL makes its data folder: two databases, each with an owner of its own,
# so that a fault in the one application cannot read or drop the other's tables.
set -euo pipefail

psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set airflow_password="$AIRFLOW_DB_PASSWORD" --set audit_password="$AUDIT_DB_PASSWORD" <<'SQL'
create role airflow login password :'airflow_password';
create database airflow owner airflow;
revoke all on database airflow from public;

create role audit login password :'audit_password';
create database audit owner audit;
revoke all on database audit from public;
SQL
