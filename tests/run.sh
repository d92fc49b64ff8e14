#!/bin/bash
# The tests, after ./build.sh, which calls this: ./build.sh test, arm64-test, vm-test, bare-test.
#
#   run.sh test                          everything that continuous integration runs; the last line counts it
#   run.sh arm64-test                    tests/Arm64
#   run.sh vm-test [arm64] [SCENARIO...] tests/Vm, in an emulated device for amd64 or arm64
#   run.sh bare-test [demo|test]         tests/Bare
#
# Exit code: 0 all passed; 1 something failed; 5 a tool is missing, named in one sentence.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=publish-profiles/lib.sh
source publish-profiles/lib.sh

passed=0 failed=0 skipped=0

# What the tests compare with: PyTorch, the ONNX checker, PIL, a browser, those who read man pages, completions and packages, and an RTSP
# server with its codecs.
# Not mosquitto: on a machine with systemd it would start a broker, so its tests run only where somebody has installed it.
obtain_references() {
  obtain_packages python3 python3-numpy python3-pil python3-onnx libonnx-testdata python3-torch python3-prometheus-client chromium \
    dataset-fashion-mnist groff-base zsh lintian python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-libav \
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly ||
    note "The tests that need one of these packages will skip."
}

# counted NAME COMMAND...: one more test, by its exit code; its output is in build/logs/NAME.log.
counted() {
  local name=$1 status=0
  logged "$@" || status=$?
  case $status in
    0) passed=$((passed + 1)) ;;
    5) skipped=$((skipped + 1)); note "skipped 1: $(tail -n 1 "$LOGS/$name.log")" ;;
    *) failed=$((failed + 1)) ;;
  esac
}

test_all() {
  obtain_references
  say "Building the solution"
  dotnet_logged build build ResNetEdge.sln -c Release
  say "Running the tests of the solution (about eight minutes)"
  local results=build/test-results status=0
  rm -rf $results
  dotnet test tests -c Release --no-build --logger trx --results-directory $results \
    --blame-hang-timeout 8m --blame-hang-dump-type none || status=$?
  read -r passed failed skipped < <(count_results $results)
  print_skips $results
  # A test host that dies leaves no failed test behind.
  if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
  say "Checking the format (dotnet format --verify-no-changes)"
  counted format check_format
  say "Running the kernels' tests and the programs on emulated Arm64 processors (tests/Arm64)"
  # The tiers' processors; the A53 runs the A72's code, and is tested by ./build.sh arm64-test.
  SOLUTION_IS_BUILT=1 ARM64_PROCESSORS="cortex-a72 cortex-a76" counted arm64-test tests/run.sh arm64-test
  grep -E '^(ok|table) ' "$LOGS/arm64-test.log" || true
  say "Testing the packages and the service in an emulated device (tests/Vm)"
  counted vm-test tests/run.sh vm-test short
  grep -E '^(ok|skip|FAIL) |^     ' "$LOGS/vm-test.log" || true
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [[ $failed == 0 && $passed -gt 1 ]]
}

# check_format: what `dotnet format` checks beyond the build, where the analyzers, most of its time, already fail.
check_format() {
  dotnet format whitespace ResNetEdge.sln --no-restore --verify-no-changes &&
    dotnet format style ResNetEdge.sln --no-restore --verify-no-changes --diagnostics IMPORTS
}

# count_results FOLDER: "passed failed skipped" summed over its .trx files.
count_results() {
  cat "$1"/*.trx 2> /dev/null | grep -o '<Counters [^>]*' | awk '
    { for (i = 2; i <= NF; i++) { split($i, pair, "\""); name = pair[1]; sub("=", "", name); n[name] += pair[2] } }
    END { print n["passed"] + 0, n["failed"] + n["error"] + n["timeout"] + n["aborted"] + 0, n["total"] - n["executed"] + 0 }'
}

# print_skips FOLDER: each reason once, with how many tests gave it.
print_skips() {
  cat "$1"/*.trx 2> /dev/null | awk '
    /<UnitTestResult /           { skipped = /outcome="NotExecuted"/ }
    skipped && /<Message>/       { sub(/.*<Message>/, ""); sub(/<\/Message>.*/, ""); print; skipped = 0 }' |
    sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | sort | uniq -c |
    while read -r count reason; do note "skipped $count: $reason"; done || true
}

arm64_test() {
  [[ $(this_profile) != linux-arm64 ]] || { echo "This is an Arm64 machine: ./build.sh test tests its kernels as they are."; exit 5; }
  obtain_packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user qemu-user-static curl || exit 5
  ./build.sh linux-arm64
  exec tests/Arm64/run.sh "$@"
}

# vm_test [amd64|arm64] [SCENARIO...]
vm_test() {
  local packages
  [[ $(this_profile) == linux-x64 ]] || { echo "The emulated device is built on Debian for amd64; this is $(uname -m)."; exit 5; }
  # shellcheck source=tests/Vm/architectures.sh
  source tests/Vm/architectures.sh
  case ${1:-} in
    amd64 | arm64) select_architecture "$1"; shift ;;
    *) select_architecture amd64 ;;
  esac
  mapfile -t packages < <(needed_packages)
  obtain_packages "${packages[@]}" || exit 5
  ./build.sh deb "$profile"
  exec tests/Vm/run.sh "$architecture" "$@"
}

case ${1:-} in
  test) test_all ;;
  arm64-test) arm64_test "${@:2}" ;;
  vm-test) vm_test "${@:2}" ;;
  bare-test) exec tests/Bare/run.sh "${@:2}" ;;
  *) sed -n '2,/^set /p' "$0" | sed '/^set /d; s/^# \{0,1\}//' >&2; exit 2 ;;
esac
