# What build.sh and tests/run.sh share: words, logs, Debian packages. Sourced with -euo pipefail, in the repository's root.
# shellcheck shell=bash

readonly LOGS=build/logs
# Invariant: the SDK speaks English, which is read here, and needs no libicu.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
unset DOTNET_CLI_UI_LANGUAGE
if [[ ${CI:-} == true ]]; then export MSBUILDDISABLENODEREUSE=1; fi

say()  { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 5; }

# tick WHAT: a sign of life every half minute, until it is killed or the script ends.
tick() {
  local start=$SECONDS
  while sleep 30 > /dev/null 2>&1 && kill -0 $$ 2> /dev/null; do note "$1 ... $((SECONDS - start)) s"; done
}

# logged NAME COMMAND...: runs it with its output in build/logs/NAME.log, says how long it takes when it takes long, and shows the
# end of the log when it fails.
logged() {
  local name=$1 log="$LOGS/$1.log" ticker status=0; shift
  mkdir -p "$LOGS"
  tick "$name" &
  ticker=$!
  "$@" > "$log" 2>&1 || status=$?
  { kill $ticker && wait $ticker; } 2> /dev/null || true
  [[ $status != 0 ]] || return 0
  tail -n 40 "$log" >&2
  printf '%s: "%s" failed; all of its output is in %s\n' "${0##*/}" "$*" "$log" >&2
  return "$status"
}

# missing_packages PACKAGE...: prints those that dpkg does not have installed.
missing_packages() {
  local package
  for package; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null) == installed ]] || printf '%s ' "$package"
  done
}

# obtain_packages PACKAGE...: installs what is missing; 1 when it could not, with one sentence that says what to install.
obtain_packages() {
  local missing as_root=()
  command -v dpkg-query > /dev/null || { note "This is not Debian: install the equivalents of its packages $* manually."; return 1; }
  missing=$(missing_packages "$@")
  [[ -n $missing ]] || return 0
  if [[ $(id -u) != 0 ]]; then
    command -v sudo > /dev/null && as_root=(sudo)
    # Without a terminal sudo cannot ask for a password.
    if [[ ${#as_root[@]} == 0 ]] || { [[ ! -t 0 ]] && ! sudo -n true 2> /dev/null; }; then
      note "Some packages are missing, and only root can install them: apt-get install $missing"
      return 1
    fi
  fi
  say "Installing $missing"
  logged apt-update "${as_root[@]}" apt-get update || return 1
  # Waits for an installation that runs, such as the updates that a machine makes after its start.
  # shellcheck disable=SC2086 # one word per package
  logged apt-install "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing
}

# this_profile: the publish profile whose programs run on this machine.
this_profile() {
  case $(uname -sm) in
    'Linux x86_64') echo linux-x64 ;;
    'Linux aarch64') echo linux-arm64 ;;
    *) fail "This machine is $(uname -sm); ResNetEdge is built on Linux for x86-64 or Arm64." ;;
  esac
}

obtain_build_tools() {
  command -v dotnet > /dev/null || fail "The .NET SDK 10 is missing: install it (dotnet-sdk-10.0) and run this again."
  local sdk; sdk=$(dotnet --version 2>&1) || fail "The .NET SDK does not start or is older than SDK 10 (global.json). Its output:
$sdk"
  [[ ${sdk%%.*} -ge 10 ]] || fail "The .NET SDK $sdk is too old: install SDK 10."
  # Native AOT links with gcc, or with clang where there is one; binutils strips.
  if ! { command -v gcc || command -v clang; } > /dev/null || ! command -v objcopy > /dev/null || [[ ! -e /usr/include/stdio.h ]]; then
    obtain_packages gcc binutils libc6-dev || fail "Native AOT needs a linker: install gcc, binutils and libc6-dev."
  fi
  [[ -n $(ldconfig_has libturbojpeg.so.0) ]] || obtain_packages libturbojpeg0 ||
    note "Without libturbojpeg.so.0 JPEG pictures are refused; PNG, PPM and BMP work."
}

ldconfig_has() { { ldconfig -p 2> /dev/null || /sbin/ldconfig -p; } | grep -F "$1" || true; }

# obtain_cross_tools PROFILE: what linking for that machine needs beside obtain_build_tools.
obtain_cross_tools() {
  [[ $1 != "$(this_profile)" ]] || return 0
  case $1 in
    linux-arm64)
      obtain_packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross ||
        fail "Linking for Arm64 needs a cross compiler: install gcc-aarch64-linux-gnu and libc6-dev-arm64-cross." ;;
    *) fail "Programs for $1 must be built on a machine of that kind; this is $(uname -m)." ;;
  esac
}

# dotnet_logged NAME ARGUMENT...: dotnet, with what the package feed lacks said in a sentence.
dotnet_logged() {
  local name=$1; shift
  logged "$name" dotnet "$@" && return
  # Not there at all, or not in a version that fits.
  local lacking; lacking=$({ grep -ohE "error (NU110[0-9]|NU160[13]): [^[]*" "$LOGS/$name.log" || true; } | sed 's/^error //' | sort -u | head -n 3)
  if grep -qE 'error NU1301' "$LOGS/$name.log"; then
    fail "A package source cannot be reached; 'dotnet nuget list source' lists them. See $LOGS/$name.log."
  elif grep -qE 'error NU1004' "$LOGS/$name.log"; then
    fail "A packages.lock.json does not match its project: run ./build.sh lock and look at what it changed."
  elif grep -qE 'error NU1403' "$LOGS/$name.log"; then
    fail "A package's content does not match packages.lock.json: it was replaced, here or at its source. See $LOGS/$name.log."
  elif [[ -n $lacking ]]; then
    fail "The package feed lacks something that this build needs; use a feed that has it ('dotnet nuget list source' lists yours).
$lacking"
  fi
  return 1
}
