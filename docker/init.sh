#!/bin/bash
# Prepares a deployment, and can be run again at every start: migrates both databases, makes the
# roles and the first user. The services wait until it has ended well.
set -euo pipefail

echo "Migrating Airflow's database"
airflow db migrate

echo "Migrating the audit's database"
# The doctor also complains of what people mend later, such as the empty registry of a first start;
# only a database that is not in order stops the services.
account-audit doctor --migrate || { account-audit doctor --json || true; } | python -c '
import json, sys
sys.exit(("database", "well") not in [(one["what"], one["state"]) for one in json.load(sys.stdin)])'

echo "Making the roles and the first user"
python "$(dirname "${BASH_SOURCE[0]}")/roles.py"
