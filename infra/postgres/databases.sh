#!/bin/bash
# Makes one database per service and the read database of the gateway, each with its two roles and nothing for anybody
# else: what `provision` in libs/platform/database does, for the postgres image. The image runs it when its volume is
# empty; run by hand later, it only sets the passwords anew.
#
# Passwords come from the environment, or from files that LOA_…_PASSWORD_FILE names. There is no default.
set -euo pipefail

databases=(loa_planning loa_reporting loa_monitoring loa_read)

# loa_planning -> LOA_PLANNING_PASSWORD
variable() {
  local name=${1^^}
  echo "${name}_PASSWORD"
}

# Exports the variable from the file that <variable>_FILE names, if there is one; a variable that is still empty is an error.
require() {
  local name=$1 file="${1}_FILE"
  if [[ -n ${!file:-} ]]; then
    export "$name=$(<"${!file}")"
  fi
  if [[ -z ${!name:-} ]]; then
    echo "$name is not set, and neither is $file: every role needs a password of its own" >&2
    exit 1
  fi
}

for database in "${databases[@]}"; do
  require "$(variable "${database}_owner")"
  require "$(variable "$database")"
done

for database in "${databases[@]}"; do
  # Passwords do not appear on a command line: psql takes them from its environment.
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "${POSTGRES_DB:-postgres}" \
    --set database="$database" --set owner="${database}_owner" <<SQL
\getenv owner_password $(variable "${database}_owner")
\getenv password $(variable "$database")
SELECT format('CREATE ROLE %I', role) FROM unnest(ARRAY[:'owner', :'database']) role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE :"owner" LOGIN PASSWORD :'owner_password';
ALTER ROLE :"database" LOGIN PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0', :'database', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"database";
SQL
done
