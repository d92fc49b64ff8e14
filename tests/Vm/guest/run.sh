#!/bin/bash
# In the emulated device: runs the scenarios named in /host/scenarios one after the other, each in a shell of its own, from the same
# beginning. Exit code: how many failed. Output: one line each in /host/report.txt, everything else in /host/logs/NAME.log.
set -uo pipefail
cd /host/guest || exit 125
readonly LIMIT_SECONDS=600 SKIPPED=77
mkdir -p /host/logs
: > /host/report.txt

seconds() { cut -d ' ' -f 1 /proc/uptime; }
failed=0
booted=$(seconds)
bash -euo pipefail -c '. ./lib.sh; make_devices' > /host/logs/devices.log 2>&1 \
  || { echo "FAIL devices: see logs/devices.log" | tee -a /host/report.txt; exit 1; }
printf '     booted in %.0f s, %s\n' "$booted" "$(uname -mr)" | tee -a /host/report.txt

while read -r name; do
  before=$(seconds)
  log=/host/logs/$name.log
  since=$(journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
  # The scenario's own shell, so that set -e holds within it. Time limit: a scenario that hangs fails.
  # shellcheck disable=SC2016 # expanded by that shell
  timeout -k 5 $LIMIT_SECONDS bash -euo pipefail -c '. ./lib.sh; reset; . "./scenarios/$1.sh"' scenario "$name" > "$log" 2>&1
  code=$?
  took=$(awk -v a="$before" -v b="$(seconds)" 'BEGIN { printf "%.0f", b - a }')
  case $code in
    0) line="ok   $name ($took s)" ;;
    "$SKIPPED") line="skip $name: $(tail -n 1 "$log")" ;;
    124 | 137) line="FAIL $name: not over after $LIMIT_SECONDS s"; failed=$((failed + 1)) ;;
    *) line="FAIL $name ($took s): $(grep -v '^+' "$log" | tail -n 1)"; failed=$((failed + 1)) ;;
  esac
  { echo "$line"; sed -n 's/^figure: /     /p' "$log"; } | tee -a /host/report.txt
  { printf '\n---- journal ----\n'; journalctl --no-pager -o short-monotonic ${since:+--after-cursor="$since"}; } >> "$log" 2>&1
done < /host/scenarios
exit "$failed"
