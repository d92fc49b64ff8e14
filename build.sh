#!/bin/bash
# Builds, shows and tests ResNetEdge on Debian 12 (x86-64 or Arm64) with git and the .NET SDK 10. It installs what else it
# needs if it may (root or sudo), and otherwise says what to install.
#
#   ./build.sh                 the programs of this machine as Native AOT files, in dist/linux-x64/ (or dist/linux-arm64/)
#   ./build.sh demo            builds, then: a trained network exported, quantised, run, verified and timed
#   ./build.sh test            builds, then: every test, the end-to-end ones on dist/, and the format check
#   ./build.sh linux-arm64     the same programs for Arm64, from an x86-64 machine too
#   ./build.sh deb [PROFILE]   builds, then: the Debian packages in dist/, checked by lintian; PROFILE: linux-x64, linux-arm64
#   ./build.sh tarball [PROFILE]   builds, then: dist/resnetedge-VERSION-PROFILE.tar.gz
#   ./build.sh lock            rewrites every packages.lock.json
#
# Tests that `test` runs only in part, or that take longer:
#   ./build.sh arm64-test      the kernels' tests and the programs, compiled for Arm64 and run by qemu
#   ./build.sh vm-test [arm64] [SCENARIO...]   the .debs installed in an emulated device, where every fault is provoked; see tests/Vm
#   ./build.sh bare-test [demo|test]           the README's two commands in a bare Debian 12; see tests/Bare
#
# Environment: RESNETEDGE_ORT=/path/libonnxruntime.so.1 uses that ONNX Runtime and downloads nothing.
#              ORT_GPU=1 takes Microsoft.ML.OnnxRuntime.Gpu.Linux (x86-64, CUDA 13) instead of Microsoft.ML.OnnxRuntime.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=publish-profiles/lib.sh
source publish-profiles/lib.sh

# project:program
readonly PROGRAMS=(runtime/Cli:resnetedge runtime/Daemon:resnetedge-service exporter:resnetedge-export)

# ---- Native AOT --------------------------------------------------------------------------------------------------------

# sources_stamp: one hash of everything that a publish reads.
sources_stamp() {
  {
    dotnet --version
    find device runtime exporter publish-profiles Directory.*.props global.json -type f \
      -not -path '*/bin/*' -not -path '*/obj/*' -not -path 'exporter/Demo/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum | cut -d ' ' -f 1
}

# is_published PROFILE STAMP
is_published() {
  local each
  for each in "${PROGRAMS[@]}"; do [[ -x dist/$1/${each#*:} ]] || return 1; done
  [[ $(cat "build/publish/$1.stamp" 2> /dev/null) == "$2" ]]
}

# publish PROFILE: every program into dist/PROFILE/.
publish() {
  local profile=$1 stamp each program output start
  stamp=$(sources_stamp)
  if is_published "$profile" "$stamp"; then
    say "dist/$profile is up to date"
    return
  fi
  obtain_cross_tools "$profile"
  # Publishing restores the compiler too, whose version is the SDK's, so it is not locked: what is locked is checked here.
  [[ ${CI:-} != true ]] || dotnet_logged restore restore ResNetEdge.sln
  say "Publishing for $profile: ${#PROGRAMS[@]} programs, each compiled to native code; about a minute each"
  mkdir -p "dist/$profile" build/publish
  for each in "${PROGRAMS[@]}"; do
    program=${each#*:} output=build/publish/out/$profile/$program start=$SECONDS
    rm -rf "$output"
    dotnet_logged "publish.$profile.$program" publish "${each%%:*}" -p:PublishProfile="$profile" -o "$output"
    # The program alone: no .dbg, no .pdb, no documentation.
    install -m 755 "$output/$program" "dist/$profile/"
    note "dist/$profile/$program  $(stat -c %s "dist/$profile/$program") bytes, $((SECONDS - start)) s"
  done
  printf '%s' "$stamp" > "build/publish/$profile.stamp"
}

# obtain_onnxruntime PROFILE: dist/PROFILE/libonnxruntime.so.1, the second engine, or one sentence why not; no model needs it.
obtain_onnxruntime() {
  if [[ -n ${RESNETEDGE_ORT:-} ]]; then note "ONNX Runtime: RESNETEDGE_ORT names $RESNETEDGE_ORT"; return; fi
  local options=(-p:Folder="$PWD/dist/$1" -p:Machine="${1#linux-}")
  local source='Microsoft.ML.OnnxRuntime, 160 MB'
  if [[ ${ORT_GPU:-} == 1 ]]; then options+=(-p:Gpu=true) source='Microsoft.ML.OnnxRuntime.Gpu.Linux, 245 MB'; fi
  [[ -f dist/$1/libonnxruntime.so.1 ]] || say "Fetching ONNX Runtime from NuGet ($source)"
  (dotnet_logged "onnxruntime.$1" build runtime/OnnxRuntime "${options[@]}") ||
    note "Continuing without ONNX Runtime: no comparison with it, and --engine onnxruntime is refused."
}

# build [PROFILE]: the programs and ONNX Runtime's library.
build() {
  local profile=${1:-$(this_profile)}
  obtain_build_tools
  publish "$profile"
  obtain_onnxruntime "$profile"
}

# ---- the demo ------------------------------------------------------------------------------------------------------------

# shown COMMAND...: prints the command as a person would type it, then runs it.
shown() { printf '$ %s\n' "$*"; "$@"; }
story() { printf '\n'; printf '%s\n' "$@"; }

demo() {
  build
  local dist; dist=dist/$(this_profile)
  local runtime=$dist/resnetedge exporter=$dist/resnetedge-export
  local package=build/demo/fashion-resnet14 pictures=exporter/Demo/pictures engines=(--engine fused)
  rm -rf "$package" && mkdir -p build/demo
  [[ -z ${RESNETEDGE_ORT:-} && ! -f $dist/libonnxruntime.so.1 ]] || engines+=(--engine onnxruntime)

  local right; right=$(sed -n 's/.*"right": \([0-9]*\).*/\1/p' exporter/Demo/fashion-resnet14.accuracy.json)
  story "1. A residual network of 14 layers, trained in PyTorch on Fashion-MNIST (fp32: $right of 10,000 test pictures right)" \
    "becomes an int8 package, calibrated on training pictures and measured on unseen test pictures."
  shown $exporter export exporter/Demo/fashion-resnet14.safetensors -o $package --preset fashion-mnist \
    --precision int8 --calibration exporter/Demo/calibration --evaluate $pictures
  story "   What is in it, and how the engine will run it:"
  shown $runtime inspect $package
  story "2. One native file of $(($(stat -c %s $runtime) / 1000)) kB, which needs neither .NET nor Python, classifies pictures."
  shown $runtime run $package $pictures/Sandal/0008.png $pictures/Bag/0018.png $pictures/Dress/0013.png --top 2
  story "3. The package is verified against the outputs recorded at export."
  shown $runtime verify $package
  if [[ ${#engines[@]} -gt 2 ]]; then
    story "4. ONNX Runtime reads the same file: its accuracy on the same 200 pictures, to compare with step 1."
    shown $exporter evaluate $package $pictures --engine onnxruntime
    story "5. Latency of one picture on one thread, with both engines taking turns in one process."
  else
    story "4. Latency of one picture on one thread."
  fi
  shown $runtime bench $package "${engines[@]}" --threads 1 --seconds 3
  printf '\nThe package is in %s. Next: %s --help, %s --help\n' $package $runtime $exporter
}

# ---- packages --------------------------------------------------------------------------------------------------------------

# package deb|tarball [PROFILE]: the programs of this machine too, which make the man pages and completions of every package.
package() {
  local profile=${2:-$(this_profile)}
  build
  [[ $profile == "$(this_profile)" ]] || publish "$profile"
  say "Packing ($1, $profile)"
  publish-profiles/debian/package.sh "$1" "$profile" || return 1
  [[ $1 == deb ]] || return 0
  obtain_packages lintian || { note "Not checked by lintian."; return 0; }
  logged lintian lintian --fail-on error,warning --allow-root dist/*.deb
}

case ${1:-} in
  '') build ;;
  demo) demo ;;
  linux-x64 | linux-arm64) build "$1" ;;
  # Every Jetson runs the one image for Arm64.
  jetson) build linux-arm64 ;;
  deb | tarball) package "$@" ;;
  lock) obtain_build_tools; dotnet_logged lock restore ResNetEdge.sln --force-evaluate ;;
  test | arm64-test | vm-test) build; exec tests/run.sh "$@" ;;
  bare-test) exec tests/run.sh "$@" ;;
  *) sed -n '2,/^set /p' "$0" | sed '/^set /d; s/^# \{0,1\}//' >&2; exit 2 ;;
esac
