# shellcheck shell=bash disable=SC2034  # the lists are for the scripts that source this
# Packages of Debian 12 that the scripts need; sourced by scripts/quickstart and scripts/test.

build_packages=(
  g++ cmake ninja-build ccache mold
  zlib1g-dev libfmt-dev nlohmann-json3-dev libcli11-dev libhowardhinnant-date-dev libsimdjson-dev libeigen3-dev libsqlite3-dev libzstd-dev
  libcurl4-openssl-dev
  libgtest-dev libbenchmark-dev
  tzdata ca-certificates
)
node_packages=(nodejs npm)
test_packages=(
  clang libclang-rt-14-dev clang-format clang-tidy cppcheck shellcheck
  python3 groff-base mandoc chromium openssl
  slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge procps
)

# Whether a node that is new enough, and npm, are there from anywhere.
has_node() {
  command -v npm > /dev/null && [[ $(node --version 2> /dev/null) =~ ^v([0-9]+) ]] && ((BASH_REMATCH[1] >= 18))
}

missing_packages() { # PACKAGE...
  local package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null | grep -qx installed || echo "$package"
  done
}

# Installs what is not there; without root says how, and gives up.
install_packages() { # PACKAGE...
  local missing
  has_node || set -- "$@" "${node_packages[@]}"
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then return; fi
  if ! command -v apt-get > /dev/null; then
    echo "No apt-get here: these scripts are for Debian 12. Needed: ${missing[*]}" >&2
    exit 1
  fi
  if ((EUID != 0)); then
    echo "Packages are missing. As root, run this and then start again:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}
