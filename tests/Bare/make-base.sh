#!/bin/bash
# A bare Debian 12 as a tar: Debian's smallest variant, git, and what the .NET SDK's own packages depend on.
#
#   make-base.sh recipe      prints all that decides what is in it
#   make-base.sh make OUT    makes it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=publish-profiles/lib.sh
source publish-profiles/lib.sh

# The last four are what dotnet-runtime-deps asks for beyond the C library; the SDK's folder itself is mounted (enter.sh).
readonly PACKAGES=(git ca-certificates libgcc-s1 libstdc++6 libssl3 libicu72)

# sources: Debian 12, from wherever this machine's apt has it.
sources() {
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk '$1 == "Debian" && $2 ~ /^bookworm/ { print "deb", $3, $4, $5 }' | sort -u
}

# apt_settings: how this machine's apt reaches them.
apt_settings() { apt-config dump | grep -E '^Acquire::(http|https|Retries|Check-Valid-Until|Check-Date)\b' || true; }

recipe() { printf '%s\n' "${PACKAGES[*]}" "$(sources)" "$(apt_settings)" "$(sha256sum < "$0")"; }

# make OUT
make() {
  local settings list
  list=$(sources)
  [[ -n $list ]] || fail "This machine's apt knows no Debian 12: run apt-get update, or add bookworm to its sources."
  settings=$(mktemp)
  # shellcheck disable=SC2064 # this file, now
  trap "rm -f '$settings'" EXIT
  apt_settings > "$settings"
  mmdebstrap --format=tar --variant=minbase --include="$(IFS=,; echo "${PACKAGES[*]}")" --aptopt="$settings" bookworm "$1.new" - <<< "$list"
  mv "$1.new" "$1"
}

case ${1:-} in
  recipe) recipe ;;
  make) make "${2:?usage: make-base.sh make OUT}" ;;
  *) sed -n '2,/^set /p' "$0" | sed '/^set /d; s/^# \{0,1\}//' >&2; exit 2 ;;
esac
