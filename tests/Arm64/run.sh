#!/bin/bash
# The kernels' unit tests and the published programs on emulated Arm64 processors, after ./build.sh and ./build.sh linux-arm64.
# What is covered and what is not: docs/decisions/0012-arm64-kernels.md.
#
#   run.sh               exit 0: all is well; 1: a check failed; 5: a tool is missing, named in one sentence
#   run.sh --mistakes    instead, deliberate mistakes in the kernels, each of which must be caught
#   run.sh --count [--append] [NETWORK|FILE...]   instead, instructions of an inference, compared with the log or added to it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/Arm64/lib.sh
source tests/Arm64/lib.sh
# shellcheck source=tests/Arm64/kernels.sh
source tests/Arm64/kernels.sh
# shellcheck source=tests/Arm64/programs.sh
source tests/Arm64/programs.sh
# shellcheck source=tests/Arm64/equality.sh
source tests/Arm64/equality.sh
# shellcheck source=tests/Arm64/instructions.sh
source tests/Arm64/instructions.sh

check_tools
obtain_sysroot
make_machines
rm -f "$OUT/table.txt"
case ${1:-} in
  --mistakes) mistakes ;;
  --count) check_programs; [[ -d $PACKAGE ]] || demo_package; make_networks; instructions "${@:2}"; print_table ;;
  '') check_programs; kernels; programs; equality; instructions; print_table ;;
  *) sed -n '2,/^set /p' "$0" | sed '/^set /d; s/^# \{0,1\}//' >&2; exit 2 ;;
esac
