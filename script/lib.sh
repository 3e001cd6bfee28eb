# Shared by the scripts beside it; sourced, never run.
# shellcheck shell=bash disable=SC2034

set -euo pipefail
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$TOP"
# What the scripts read must not depend on the language of the person who runs them.
export LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1
# The user's own settings for uv and Python would change which environment is built.
unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT PYTHONHOME PYTHONPATH || true

VENV=$TOP/.venv
UV_HOME=$TOP/.uv

say() { printf '== %s\n' "$*"; }
warn() { printf 'Note: %s\n' "$*" >&2; }
die() {
  printf 'Stopped: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root, or answers with failure when that cannot be done without a question.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() {
  [ "$(id -u)" -eq 0 ] || { have sudo && sudo -n true 2>/dev/null; }
}

on_debian() { have apt-get && have dpkg-query; }

package_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}

# Prints those of the given Debian packages that are not installed.
missing_packages() {
  local package
  for package in "$@"; do
    package_installed "$package" || printf '%s\n' "$package"
  done
}

# An empty system has no package lists, and an old one has lists of versions that are gone.
apt_update() {
  [ -z "${APT_UPDATED:-}" ] || return 0
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >/dev/null 2>&1 9>&- || true
  APT_UPDATED=yes
}

# apt_install PACKAGE...: false when it failed; the last lines of apt's own words are shown then.
apt_install() {
  local log
  log=$(mktemp)
  say "Installing from the system's package source: $*"
  apt_update
  if as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "$@" >"$log" 2>&1 9>&- </dev/null; then
    rm -f "$log"
    return 0
  fi
  tail -n 5 "$log" >&2
  rm -f "$log"
  return 1
}

# Behind a proxy that opens TLS, the trusted certificates are the system's and not the ones that
# each tool carries along. What the user has set already is left alone.
use_system_certificates() {
  local bundle
  export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true}
  for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    if [ -r "$bundle" ]; then
      export PIP_CERT=${PIP_CERT:-$bundle} NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$bundle}
      return 0
    fi
  done
}

# newest_first GLOB...: existing paths, highest version first.
newest_first() { printf '%s\n' "$@" | sort -rV; }

manage() { "$VENV/bin/python" manage.py "$@"; }

# Where the Debian package puts PostgreSQL's programs; empty when there are none.
postgres_programs() {
  local folder
  for folder in $(newest_first /usr/lib/postgresql/*/bin); do
    if [ -x "$folder/initdb" ]; then
      printf '%s\n' "$folder"
      return 0
    fi
  done
  if have initdb && have postgres; then dirname "$(command -v initdb)"; fi
}
