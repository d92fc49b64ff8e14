#!/bin/bash
# Builds, shows and tests ResNetEdge on Debian 12 (x86-64) with git and the .NET SDK 10. What else it needs it installs
# when it may (root or sudo), and otherwise names.
#
#   ./build.sh                both programs as Native AOT files in dist/linux-x64/
#   ./build.sh demo           builds, then: a trained network exported, quantised, run, verified and timed
#   ./build.sh test           builds, then: every test, the end-to-end ones on dist/, and the format check
#   ./build.sh arm64-test     the kernels' tests compiled for Arm64 and run by qemu
#   ./build.sh linux-arm64    (or jetson) the same programs for another machine, where the feed has its packs
#   ./build.sh deb            builds, then: dist/resnetedge_VERSION_amd64.deb and the exporter's, checked by lintian
#   ./build.sh tarball        builds, then: dist/resnetedge-VERSION-linux-x64.tar.gz
#                             (both take a profile: ./build.sh deb linux-arm64)
#   ./build.sh vm-test        builds the .deb, installs it in an emulated device and runs every fault there; see tests/Vm
#
# Environment: ORT_FROM_NUGET=1 takes ONNX Runtime's library from NuGet instead of npm;
#              RESNETEDGE_ORT=/path/libonnxruntime.so.1 uses that file and downloads nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly ORT_VERSION=1.30.0
# SHA-256 of the libraries inside the npm package onnxruntime-node of that version.
readonly ORT_SHA256_X64=ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23
readonly LOGS=build/logs
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
if [[ ${CI:-} == true ]]; then export MSBUILDDISABLENODEREUSE=1; fi

say()  { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
fail() { printf 'build.sh: %s\n' "$*" >&2; exit 5; }

# logged NAME COMMAND...: runs it with its output in build/logs/NAME.log, and shows the end of that when it fails.
logged() {
  local log="$LOGS/$1.log"; shift
  mkdir -p "$LOGS"
  if ! "$@" > "$log" 2>&1; then
    tail -n 40 "$log" >&2
    printf 'build.sh: "%s" failed; all of its output is in %s\n' "$*" "$log" >&2
    return 1
  fi
}

# ---- what the machine lacks --------------------------------------------------------------------------------------------

# missing_packages PACKAGE...: prints those that dpkg does not have installed.
missing_packages() {
  local package
  for package; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s ' "$package"
  done
}

# obtain_packages PACKAGE...: installs what is missing; 1 when it could not, with one sentence saying what to install.
obtain_packages() {
  local missing as_root=()
  command -v dpkg-query > /dev/null || { note "This is not Debian: install what matches its packages $* by hand."; return 1; }
  missing=$(missing_packages "$@")
  [[ -n $missing ]] || return 0
  if [[ $(id -u) != 0 ]]; then
    command -v sudo > /dev/null && as_root=(sudo)
    # Without a terminal sudo cannot ask for a password.
    if [[ ${#as_root[@]} == 0 ]] || { [[ ! -t 0 ]] && ! sudo -n true 2> /dev/null; }; then
      note "Missing, and only root can install them: apt-get install $missing"
      return 1
    fi
  fi
  say "Installing $missing"
  logged apt-update "${as_root[@]}" apt-get update || return 1
  # shellcheck disable=SC2086 # one word per package
  logged apt-install "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
}

obtain_build_tools() {
  command -v dotnet > /dev/null || fail "The .NET SDK 10 is missing: install it (dotnet-sdk-10.0) and run this again."
  local sdk; sdk=$(dotnet --version 2> /dev/null) || fail "The .NET SDK is older than global.json asks for: install SDK 10."
  [[ ${sdk%%.*} -ge 10 ]] || fail "The .NET SDK $sdk is too old: install SDK 10."
  # Native AOT links with gcc, or with clang where there is one; binutils strips.
  if ! { command -v gcc || command -v clang; } > /dev/null || ! command -v objcopy > /dev/null || [[ ! -e /usr/include/stdio.h ]]; then
    obtain_packages gcc binutils libc6-dev || fail "Native AOT needs a linker: install gcc, binutils and libc6-dev."
  fi
  [[ -n $(ldconfig_has libturbojpeg.so.0) ]] || obtain_packages libturbojpeg0 ||
    note "Without libturbojpeg.so.0 JPEG pictures are refused; PNG, PPM and BMP work."
}

ldconfig_has() { { ldconfig -p 2> /dev/null || /sbin/ldconfig -p; } | grep -F "$1" || true; }

# ---- Native AOT --------------------------------------------------------------------------------------------------------

# sources_stamp: one hash of everything that a publish reads.
sources_stamp() {
  {
    dotnet --version
    find device runtime exporter publish-profiles Directory.*.props global.json -type f \
      -not -path '*/bin/*' -not -path '*/obj/*' -not -path 'exporter/Demo/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum | cut -d ' ' -f 1
}

# publish_options PROFILE FRAMEWORK: sets `options`. Its own artifacts folder, so that publishing (one framework, one
# machine) and building (both frameworks, any machine) do not undo each other's restore.
publish_options() {
  options=(-p:PublishProfile="$1" -p:EdgeFrameworks="$2" --artifacts-path "$PWD/build/publish")
}

# aot_framework PROFILE: prints net10.0 where the feed has its Native AOT pack, else net9.0; asked once per SDK.
aot_framework() {
  local profile=$1 options cache framework
  cache="build/publish/framework.$profile.$(dotnet --version)"
  if [[ -s $cache ]]; then cat "$cache"; return; fi
  mkdir -p build/publish "$LOGS"
  for framework in net10.0 net9.0; do
    publish_options "$profile" "$framework"
    if dotnet restore runtime/Cli "${options[@]}" > "$LOGS/restore.$profile.$framework.log" 2>&1; then
      printf '%s' "$framework" | tee "$cache"
      return
    fi
    # Not in the feed at all, or not in a version that fits; anything else is not for the other framework to hide.
    if ! grep -qE 'error (NU1101|NU1102): .*(ILCompiler|NativeAOT|Microsoft\.NETCore\.App\.Runtime)' "$LOGS/restore.$profile.$framework.log"; then
      tail -n 20 "$LOGS/restore.$profile.$framework.log" >&2
      fail "NuGet could not restore the project; see above."
    fi
  done
  fail "The NuGet feed has no Native AOT packs for $profile (see $LOGS/restore.$profile.net9.0.log): build on such a machine, or with a feed that has them."
}

# publish PROFILE: both programs into dist/PROFILE/.
publish() {
  local profile=$1 stamp framework options program output
  stamp=$(sources_stamp)
  if [[ -x dist/$profile/resnetedge && -x dist/$profile/resnetedge-export && $(cat "build/publish/$profile.stamp" 2> /dev/null) == "$stamp" ]]; then
    say "dist/$profile is up to date ($(cat "build/publish/$profile.framework"))"
    return
  fi
  framework=$(aot_framework "$profile")
  say "Publishing Native AOT for $profile from $framework$([[ $framework == net10.0 ]] || printf ' (this feed lacks the net10.0 pack)')"
  publish_options "$profile" "$framework"
  mkdir -p "dist/$profile"
  for program in runtime/Cli:resnetedge exporter:resnetedge-export; do
    output=build/publish/out/$profile/${program#*:}
    rm -rf "$output"
    logged "publish.$profile.${program#*:}" dotnet publish "${program%%:*}" -f "$framework" "${options[@]}" -o "$output"
    # The program alone: no .dbg, no .pdb, no documentation.
    install -m 755 "$output/${program#*:}" "dist/$profile/"
    note "dist/$profile/${program#*:}  $(stat -c %s "dist/$profile/${program#*:}") bytes"
  done
  printf '%s' "$framework" > "build/publish/$profile.framework"
  printf '%s' "$stamp" > "build/publish/$profile.stamp"
}

# ---- ONNX Runtime, for comparison and as the second engine ----------------------------------------------------------------

# obtain_onnxruntime: dist/linux-x64/libonnxruntime.so.1, or one sentence why not; nothing needs it to run a model.
obtain_onnxruntime() {
  local library=dist/linux-x64/libonnxruntime.so.1
  if [[ -n ${RESNETEDGE_ORT:-} ]]; then note "ONNX Runtime: RESNETEDGE_ORT names $RESNETEDGE_ORT"; return; fi
  if [[ -f $library ]] && is_genuine "$library"; then return; fi
  mkdir -p build/onnxruntime dist/linux-x64
  if [[ ${ORT_FROM_NUGET:-} == 1 ]]; then
    onnxruntime_from_nuget "$library"
  else
    onnxruntime_from_npm "$library"
  fi || note "Going on without ONNX Runtime: no comparison with it, and --engine onnxruntime is refused."
}

is_genuine() { [[ $(sha256sum "$1" | cut -d ' ' -f 1) == "$ORT_SHA256_X64" ]] || cmp -s "$1" build/onnxruntime/from-nuget.so.1; }

onnxruntime_from_npm() {
  local folder=build/onnxruntime archive=build/onnxruntime/onnxruntime-node-$ORT_VERSION.tgz
  local inside=package/bin/napi-v6/linux/x64/libonnxruntime.so.1
  if [[ ! -f $folder/$inside ]]; then
    command -v npm > /dev/null || obtain_packages npm || return 1
    say "Fetching ONNX Runtime $ORT_VERSION (npm package onnxruntime-node, 114 MB)"
    logged npm npm pack "onnxruntime-node@$ORT_VERSION" --pack-destination "$folder" || return 1
    tar -xzf "$archive" -C "$folder" "$inside" || return 1
    rm -f "$archive"
  fi
  if ! is_genuine "$folder/$inside"; then
    rm -f "$folder/$inside"
    note "The downloaded libonnxruntime.so.1 has another SHA-256 than the one this script pins; it was deleted."
    return 1
  fi
  install -m 644 "$folder/$inside" "$1"
}

# NuGet checks the package's signature itself.
onnxruntime_from_nuget() {
  local folder=build/onnxruntime/nuget
  mkdir -p "$folder"
  # Away from the repository's Directory.*.props, which would apply here.
  printf '<Project/>' | tee "$folder/Directory.Build.props" > "$folder/Directory.Packages.props"
  cat > "$folder/fetch.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="Microsoft.ML.OnnxRuntime" Version="[$ORT_VERSION]" /></ItemGroup>
</Project>
END
  say "Fetching ONNX Runtime $ORT_VERSION (NuGet package Microsoft.ML.OnnxRuntime)"
  logged nuget dotnet restore "$folder" --packages "$folder/packages" || return 1
  install -m 644 "$folder/packages/microsoft.ml.onnxruntime/$ORT_VERSION/runtimes/linux-x64/native/libonnxruntime.so" \
    build/onnxruntime/from-nuget.so.1 || return 1
  install -m 644 build/onnxruntime/from-nuget.so.1 "$1"
}

# ---- the three commands ---------------------------------------------------------------------------------------------------

build() {
  [[ $(uname -m) == x86_64 ]] || fail "This machine is $(uname -m); dist/linux-x64 is built on x86-64. See publish-profiles/."
  obtain_build_tools
  publish linux-x64
  obtain_onnxruntime
}

# shown COMMAND...: prints the command as a person would type it, then runs it.
shown() { printf '$ %s\n' "$*"; "$@"; }
story() { printf '\n'; printf '%s\n' "$@"; }

demo() {
  build
  local runtime=dist/linux-x64/resnetedge exporter=dist/linux-x64/resnetedge-export
  local package=build/demo/fashion-resnet14 pictures=exporter/Demo/pictures engines=(--engine fused)
  rm -rf "$package" && mkdir -p build/demo
  [[ -z ${RESNETEDGE_ORT:-} && ! -f dist/linux-x64/libonnxruntime.so.1 ]] || engines+=(--engine onnxruntime)

  local right; right=$(sed -n 's/.*"right": \([0-9]*\).*/\1/p' exporter/Demo/fashion-resnet14.accuracy.json)
  story "1. A residual network of 14 layers, trained in PyTorch on Fashion-MNIST (fp32: $right of 10,000 test pictures right)" \
    "becomes an int8 package, calibrated on training pictures and measured on test pictures that it never saw."
  shown $exporter export exporter/Demo/fashion-resnet14.safetensors -o $package --preset fashion-mnist \
    --precision int8 --calibration exporter/Demo/calibration --evaluate $pictures
  story "   What is in it, and how the engine will run it:"
  shown $runtime inspect $package
  story "2. One native file of $(($(stat -c %s $runtime) / 1000)) kB, which needs neither .NET nor Python, names what it sees."
  shown $runtime run $package $pictures/Sandal/0008.png $pictures/Bag/0018.png $pictures/Dress/0013.png --top 2
  story "3. The package proves itself against the outputs recorded at its export."
  shown $runtime verify $package
  if [[ ${#engines[@]} -gt 2 ]]; then
    story "4. ONNX Runtime reads the same file: its accuracy on the same 200 pictures, to compare with step 1."
    shown $exporter evaluate $package $pictures --engine onnxruntime
    story "5. Latency of one picture on one thread, both engines taking turns in one process."
  else
    story "4. Latency of one picture on one thread."
  fi
  shown $runtime bench $package "${engines[@]}" --threads 1 --seconds 3
  printf '\nThe package is in %s. Next: %s --help, %s --help\n' $package $runtime $exporter
}

# For the differential tests: PyTorch, the ONNX checker and PIL are the references. Without them those tests skip.
obtain_references() {
  obtain_packages python3 python3-numpy python3-pil python3-onnx python3-torch python3-prometheus-client chromium dataset-fashion-mnist ||
    note "The tests that compare with PyTorch, onnx, PIL and Prometheus, and those in a browser, will skip."
}

run_tests() {
  build
  obtain_references
  say "Building everything, for both frameworks"
  logged build dotnet build ResNetEdge.sln -c Release
  say "Testing"
  local results=build/test-results status=0 passed=0 failed=0 skipped=0
  rm -rf $results
  dotnet test tests -c Release --no-build --logger trx --results-directory $results \
    --blame-hang-timeout 8m --blame-hang-dump-type none || status=$?
  read -r passed failed skipped < <(count_results $results)
  print_skips $results
  say "Checking the format (dotnet format --verify-no-changes)"
  if logged format dotnet format ResNetEdge.sln --no-restore --verify-no-changes; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
  say "Running the kernels' tests on emulated Arm64 processors"
  local arm64=0
  (arm64_test) > "$LOGS/arm64-test.log" 2>&1 || arm64=$?
  case $arm64 in
    0) passed=$((passed + 1)) ;;
    5) skipped=$((skipped + 1)); note "skipped 1: $(tail -n 1 "$LOGS/arm64-test.log")" ;;
    *) failed=$((failed + 1)); tail -n 20 "$LOGS/arm64-test.log" >&2 ;;
  esac
  say "Testing the packages and the service in an emulated device (tests/Vm)"
  local device=0
  (vm_test short) > "$LOGS/vm-test.log" 2>&1 || device=$?
  grep -E '^(ok|skip|FAIL) |^     ' "$LOGS/vm-test.log" || true
  case $device in
    0) passed=$((passed + 1)) ;;
    5) skipped=$((skipped + 1)); note "skipped 1: $(tail -n 1 "$LOGS/vm-test.log")" ;;
    *) failed=$((failed + 1)); tail -n 20 "$LOGS/vm-test.log" >&2 ;;
  esac
  # A test host that dies leaves no failed test behind.
  if [[ $status != 0 && $failed == 0 ]]; then failed=1; fi
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [[ $failed == 0 && $passed -gt 1 ]]
}

# arm64_test: the Arm64 bench; 5 where its tools cannot be had.
arm64_test() {
  obtain_build_tools
  obtain_packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static || return 5
  mkdir -p "$LOGS"
  tests/Arm64/run.sh 2>&1 | tee "$LOGS/arm64.log"
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

# ---- packages and the emulated device ---------------------------------------------------------------------------------------

# package deb|tarball [PROFILE]: the programs of this machine, whose man pages and completions all packages take, and those asked for.
package() {
  local profile=${2:-linux-x64}
  build
  [[ $profile == linux-x64 ]] || publish "$profile"
  say "Packing ($1, $profile)"
  publish-profiles/debian/package.sh "$1" "$profile" || return 1
  [[ $1 == deb ]] || return 0
  obtain_packages lintian || { note "Not checked by lintian."; return 0; }
  logged lintian lintian --fail-on error,warning --allow-root dist/resnetedge_*.deb dist/resnetedge-export_*.deb
}

# vm_test [SCENARIO...]: 5 where the machine cannot be built or run.
vm_test() {
  obtain_packages qemu-system-x86 mmdebstrap e2fsprogs gcc gcc-12 make cpio xz-utils kmod libc6-dev || return 5
  package deb || return 1
  tests/Vm/run.sh "$@"
}

case ${1:-} in
  '') build ;;
  demo) demo ;;
  test) run_tests ;;
  arm64-test) arm64_test ;;
  deb | tarball) package "$@" ;;
  vm-test) vm_test "${@:2}" ;;
  linux-arm64 | jetson) obtain_build_tools; publish "$1" ;;
  *) sed -n '2,/^set /p' "$0" | sed '/^set /d; s/^# \{0,1\}//' >&2; exit 2 ;;
esac
