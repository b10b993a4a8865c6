#!/bin/bash
# Prepares a deployment, and can be run again at every start: migrates both databases, makes the
# roles and the first user. The services wait until it has ended well.
set -euo pipefail

echo "Migrating Airflow's database"
airflow db migrate

echo "Migrating the audit's database"
account-audit doctor --migrate

echo "Making the roles and the first user"
python "$(dirname "${BASH_SOURCE[0]}")/roles.py"
