# What the parts of run.sh share: the emulated processors, their libraries, the table. Sourced with -euo pipefail in the root.
# shellcheck shell=bash

readonly OUT=$PWD/build/arm64 DIST=$PWD/dist/linux-arm64 HOST_DIST=$PWD/dist/linux-x64
readonly SYSROOT=$OUT/sysroot
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
# A program that is meant to die leaves no core file.
ulimit -c 0

# Raspberry Pi 3, 4 and 5; the newest Jetson's Cortex-A78AE is to a kernel what the A76 is. ARM64_PROCESSORS names some of them.
read -r -a PROCESSORS <<< "${ARM64_PROCESSORS:-cortex-a53 cortex-a72 cortex-a76}"
readonly PROCESSORS
declare -A TIER=([cortex-a53]=neon [cortex-a72]=neon [cortex-a76]=neonhalf)

fail() { printf 'tests/Arm64/run.sh: %s\n' "$2" >&2; exit "$1"; }
ok() { printf 'ok %s\n' "$*"; }

check_tools() {
  [[ $(uname -sm) == "Linux x86_64" ]] || fail 5 "These tests emulate Arm64 on x86-64 Linux; this is $(uname -sm)."
  local each
  for each in dotnet:dotnet-sdk-10.0 aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu qemu-aarch64-static:qemu-user-static curl:curl; do
    command -v "${each%:*}" > /dev/null || fail 5 "${each%:*} is missing: install ${each#*:}."
  done
}

# obtain_sysroot: the Arm64 libraries that the programs load, from Debian's packages, with apt's state in a folder of its own: nothing
# is installed, and the host's list of architectures stays as it is.
obtain_sysroot() {
  [[ ! -f $SYSROOT/complete ]] || return 0
  command -v apt-get > /dev/null || fail 5 "apt-get is missing: the Arm64 libraries of the emulation come from Debian's packages."
  local state=$OUT/apt log=$OUT/apt.log package
  local apt=(-o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=
    -o "Dir::State=$state/state" -o Dir::State::status=/dev/null -o "Dir::Cache=$state/cache")
  rm -rf "$SYSROOT" "$state"
  mkdir -p "$SYSROOT/proc" "$state"/{state/lists/partial,cache/archives/partial,packages}
  echo "Fetching the Arm64 libraries of the emulation"
  apt-get "${apt[@]}" update > "$log" 2>&1 || fail 5 "apt-get cannot read the lists of Arm64 packages; see $log."
  (cd "$state/packages" && apt-get "${apt[@]}" download {libc6,libssl3,libturbojpeg0,libstdc++6,libgcc-s1,zlib1g}:arm64) >> "$log" 2>&1 ||
    fail 5 "apt-get cannot fetch the Arm64 packages; see $log."
  for package in "$state"/packages/*.deb; do dpkg -x "$package" "$SYSROOT"; done
  touch "$SYSROOT/complete"
}

# make_machines: for each processor a root folder with those libraries and /proc/cpuinfo as its Linux writes it. qemu shows programs the
# host's, of which doctor makes nothing and ONNX Runtime dies.
make_machines() {
  local cpu part features i
  local -A parts=([cortex-a53]=0xd03 [cortex-a72]=0xd08 [cortex-a76]=0xd0b)
  for cpu in "${PROCESSORS[@]}"; do
    part=${parts[$cpu]} features="fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid"
    [[ ${TIER[$cpu]} != neonhalf ]] || features+=" atomics fphp asimdhp asimdrdm lrcpc dcpop asimddp"
    mkdir -p "$OUT/machines/$cpu/proc"
    ln -sfn "$SYSROOT/usr" "$OUT/machines/$cpu/usr"
    ln -sfn "$SYSROOT/lib" "$OUT/machines/$cpu/lib"
    for ((i = 0; i < $(nproc --all); i++)); do
      printf 'processor\t: %d\nFeatures\t: %s\nCPU implementer\t: 0x41\nCPU architecture: 8\n' "$i" "$features"
      printf 'CPU variant\t: 0x0\nCPU part\t: %s\nCPU revision\t: 1\n\n' "$part"
    done > "$OUT/machines/$cpu/proc/cpuinfo"
  done
}

# emulated PROCESSOR PROGRAM...
emulated() { (exec_emulated "$@"); }
exec_emulated() { exec timeout 900 qemu-aarch64-static -L "$OUT/machines/$1" -cpu "$@"; }

# on_each PROCESSOR... -- COMMAND...: the command with each processor as its last word, all at once; 1 when one of them failed.
on_each() {
  local cpu pids=() names=() i status=0
  while [[ $1 != -- ]]; do names+=("$1"); shift; done
  shift
  for cpu in "${names[@]}"; do "$@" "$cpu" & pids+=($!); done
  for i in "${!pids[@]}"; do wait "${pids[i]}" || status=1; done
  return $status
}

# refuted WHAT STATUS PATTERN COMMAND...: something wrong on purpose, which must end in that way.
refuted() {
  local what=$1 expected=$2 pattern=$3 status=0 log; shift 3
  log=$(mktemp -p "$OUT")
  "$@" > "$log" 2>&1 || status=$?
  if [[ $status != "$expected" ]] || ! grep -q "$pattern" "$log"; then
    tail -n 5 "$log" >&2
    fail 1 "This was not refused: $what (exit $status; expected: exit $expected with '$pattern')."
  fi
  rm "$log"
  ok "refused: $what"
}

# row PROCESSOR WHAT COUNT SECONDS: a line of the table, kept in a file, since on_each runs in processes of their own.
row() {
  local line; line=$(printf '%-11s %-8s %-48s %-32s %4d s' "$1" "${TIER[$1]}" "${@:2}")
  printf 'table %s\n' "$line" >> "$OUT/table.txt"
  printf '%s\n' "$line"
}

print_table() {
  printf 'table %-11s %-8s %-48s %-32s %6s\n' processor tier what 'tests, checks or pictures' time
  cat "$OUT/table.txt"
}
