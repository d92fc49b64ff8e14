#!/bin/bash
# The service in an emulated device: Debian's kernel and systemd under QEMU, the packages installed, a simulated camera, GPIO lines and faults.
#
#   run.sh [amd64|arm64] [SCENARIO...]
#
#   (no scenario)   every scenario on amd64; on arm64 those that show what differs there
#   all             every scenario
#   short           those that continuous integration runs
#   NAME...         those, e.g. 02-frames-to-line; 01-install runs first in any case
#   mistakes        deliberate mistakes in the unit, each of which a scenario must catch
#
# Exit code: 0 all held; 1 one did not (the log of each is in build/vm/ARCHITECTURE/share/logs); 2 usage; 5 a tool is missing, named in one
# sentence. Needs the packages in dist/ (./build.sh vm-test makes them first). KVM is not needed, nor used: what is emulated is the same
# everywhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly HERE=tests/Vm EXPORTER=dist/linux-x64/resnetedge-export
# shellcheck source=tests/Vm/architectures.sh
source $HERE/architectures.sh
# A line for the unit, and the scenario that must fail with it.
readonly MISTAKES=('SupplementaryGroups=' 02-frames-to-line 'WatchdogSec=0' 08-hang 'Restart=no' 16-safe-state)
readonly SHORT=(01-install 02-frames-to-line 03-camera-unplugged 08-hang 13-reload)
readonly USUAL_ON_ARM64=(01-install 02-frames-to-line 03-camera-unplugged 08-hang 13-reload 17-upgrade-remove 18-watch)
# Every scenario: about 8 minutes on two free cores.
readonly LIMIT_SECONDS=${VM_TIMEOUT:-3600} MEMORY_MIB=1024
fail() { printf 'tests/Vm/run.sh: %s\n' "$2" >&2; exit "$1"; }
say() { printf '==> %s\n' "$*"; }

case ${1:-} in
  amd64 | arm64) select_architecture "$1"; shift ;;
  *) select_architecture amd64 ;;
esac
readonly OUT=build/vm/$architecture
readonly MACHINE=$OUT/machine MODELS=$OUT/models SHARE=$OUT/share

missing=$(missing_needs)
[[ -z $missing ]] || fail 5 "Debian packages are missing: install $missing."
[[ -x $EXPORTER ]] || fail 5 "$EXPORTER is not built: run ./build.sh."

scenarios() {
  local path names=()
  case ${1:-usual-$architecture} in
    usual-arm64) names=("${USUAL_ON_ARM64[@]}") ;;
    usual-amd64 | all | mistakes) for path in "$HERE"/guest/scenarios/*.sh; do path=${path##*/}; names+=("${path%.sh}"); done ;;
    short) names=("${SHORT[@]}") ;;
    *) names=(01-install "$@") ;;
  esac
  for path in "${names[@]}"; do [[ -f $HERE/guest/scenarios/$path.sh ]] || fail 2 "there is no scenario '$path'"; done
  printf '%s\n' "${names[@]}" | awk '!seen[$0]++'
}

# ---- what the device is given ----------------------------------------------------------------------------------------------

build_machine() {
  local stamp
  stamp="$architecture $(find $HERE/build-machine.sh $HERE/architectures.sh $HERE/machine -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)"
  [[ $(cat "$MACHINE/stamp" 2> /dev/null) != "$stamp" ]] || return 0
  say "Building the emulated device for $architecture (one to four minutes, 400 MB; kept in $MACHINE)"
  rm -rf "$MACHINE"
  "$HERE/build-machine.sh" "$MACHINE" "$architecture" > "$OUT/machine.log" 2>&1 || {
    local code=$?
    tail -n 5 "$OUT/machine.log" >&2
    exit "$code"
  }
  printf '%s\n' "$stamp" > "$MACHINE/stamp"
}

# gray_picture WIDTH HEIGHT UPPER LOWER: a PPM whose halves have these values.
gray_picture() {
  printf 'P6\n%s %s\n255\n' "$1" "$2"
  head -c $(($1 * $2 * 3 / 2)) /dev/zero | tr '\0' "\\$(printf %03o "$3")"
  head -c $(($1 * $2 * 3 / 2)) /dev/zero | tr '\0' "\\$(printf %03o "$4")"
}

# Packages of the network that tells bright from dark: right, with its labels exchanged, and damaged.
build_models() {
  local pictures=$MODELS/calibration value
  rm -rf "$MODELS"
  mkdir -p "$pictures"
  for value in 0 40 80 120 160 200 240 255; do gray_picture 32 32 $value $((value * 3 / 4)) > "$pictures/$value.ppm"; done
  gray_picture 32 32 255 255 > "$pictures/white.ppm"
  printf 'dark\nbright\n' > "$MODELS/bright.txt"
  printf 'bright\ndark\n' > "$MODELS/inverted.txt"
  for value in bright inverted; do
    $EXPORTER export $HERE/bright.onnx -o "$MODELS/$value" --labels "$MODELS/$value.txt" --calibration "$pictures" > "$MODELS/$value.log" 2>&1 ||
      { cat "$MODELS/$value.log" >&2; fail 1 "the bench's model could not be exported"; }
  done
  cp -r "$MODELS/inverted" "$MODELS/damaged"
  printf 'x' | dd of="$MODELS/damaged/model.onnx" bs=1 seek=500 conv=notrunc status=none
}

# A ResNet-18 with seeded weights: no data needed, and its memory is that of a real one. The same for every architecture.
build_resnet18() {
  if [[ ! -f build/vm/seeded/resnet18-int8.onnx ]]; then
    dotnet run --project benchmarks -c Release -f net10.0 -- models build/vm/seeded resnet18 > build/vm/seeded.log 2>&1 ||
      { tail -n 5 build/vm/seeded.log >&2; fail 1 "the seeded ResNet-18 could not be written"; }
  fi
  $EXPORTER export build/vm/seeded/resnet18-int8.onnx -o "$SHARE/models/resnet18" --preset imagenet --ledger none > "$OUT/resnet18.log" 2>&1 ||
    { cat "$OUT/resnet18.log" >&2; fail 1 "the seeded ResNet-18 could not be packed"; }
}

# copy_packages FOLDER: what is installed in the device.
copy_packages() {
  local name found
  mkdir -p "$1"
  for name in resnetedge resnetedge-service; do
    found=(dist/"$name"_*_"$architecture".deb)
    [[ ${#found[@]} == 1 ]] || fail 5 "There is more than one dist/${name}_*_$architecture.deb: remove those of other versions."
    [[ -f ${found[0]} ]] || fail 5 "There is no dist/${name}_*_$architecture.deb: run ./build.sh deb $profile."
    cp "${found[0]}" "$1/"
  done
}

build_share() {
  rm -rf "$SHARE"
  mkdir -p "$SHARE/models"
  cp -r "$HERE/guest" "$SHARE/"
  copy_packages "$SHARE/debs"
  cp -r "$MODELS"/{bright,inverted,damaged} "$SHARE/models/"
  gray_picture 640 480 255 255 > "$SHARE/white.ppm"
  gray_picture 640 480 0 0 > "$SHARE/black.ppm"
  "${cross}gcc" -O2 -Wall -Wextra -static -o "$SHARE/mjpgfeed" "$HERE/guest/mjpgfeed.c"
}

# ---- the machine -----------------------------------------------------------------------------------------------------------

boot() {
  # snapshot=on: what the device writes to its disk is thrown away.
  exec timeout -k 5 "$LIMIT_SECONDS" "${emulator[@]}" -accel tcg,thread=multi,tb-size=512 -smp 2 -m $MEMORY_MIB -nic none -display none -no-reboot \
    -kernel "$MACHINE/vmlinuz" -initrd "$MACHINE/initrd.img" -drive "file=$MACHINE/disk.img,format=raw,if=virtio,snapshot=on" \
    -fsdev "local,id=host,path=$SHARE,security_model=none,multidevs=remap" -device virtio-9p-pci,fsdev=host,mount_tag=host \
    -monitor none -serial "file:$SHARE/console.log" -append "console=$console panic=-1 bench"
}

# run_scenarios NAME...: boots and runs them; sets `failed`.
run_scenarios() {
  local qemu code=0
  rm -f "$SHARE/exit-code"
  printf '%s\n' "$@" > "$SHARE/scenarios"
  : > "$SHARE/report.txt"
  say "Booting the emulated device ($(cat "$MACHINE/info"))"
  boot &
  qemu=$!
  # shellcheck disable=SC2064 # this process, now
  trap "kill $qemu 2> /dev/null || true" EXIT
  tail -n +1 -f --pid=$qemu "$SHARE/report.txt"
  wait $qemu || code=$?
  [[ $code != 124 ]] || fail 1 "the device ran longer than $LIMIT_SECONDS s; see $SHARE/console.log"
  [[ $code == 0 ]] || fail 1 "QEMU failed (exit $code); see $SHARE/console.log"
  [[ -s $SHARE/exit-code ]] || {
    tail -n 15 "$SHARE/console.log" >&2
    fail 1 "the device died before its scenarios were over; see $SHARE/console.log"
  }
  failed=$(cat "$SHARE/exit-code")
}

mkdir -p "$OUT"
list=$(scenarios "$@")
build_machine
build_models
build_share
if [[ $list == *20-memory* ]]; then build_resnet18; fi
if [[ ${1:-} == mistakes ]]; then
  for ((i = 0; i < ${#MISTAKES[@]}; i += 2)); do
    say "Mistake: ${MISTAKES[i]}"
    printf '[Service]\n%s\n' "${MISTAKES[i]}" > "$SHARE/mistake.conf"
    run_scenarios 01-install "${MISTAKES[i + 1]}"
    grep "^FAIL ${MISTAKES[i + 1]}" "$SHARE/report.txt" > /dev/null || fail 1 "${MISTAKES[i + 1]} does not notice '${MISTAKES[i]}'"
  done
  say "Every mistake was caught"
  exit
fi
# shellcheck disable=SC2086 # one word per scenario
run_scenarios $list
[[ $failed == 0 ]] || fail 1 "$failed of $(wc -l < "$SHARE/scenarios") scenarios failed; their logs are in $SHARE/logs"
say "All $(wc -l < "$SHARE/scenarios") scenarios held"
