# The published programs of dist/linux-arm64, from outside. Sourced by run.sh.
# shellcheck shell=bash

readonly PACKAGE=$OUT/fashion-resnet14 PICTURES=exporter/Demo/pictures

check_programs() {
  local name
  for name in resnetedge resnetedge-service resnetedge-export; do
    [[ -x $HOST_DIST/$name ]] || fail 5 "$HOST_DIST/$name is missing: run ./build.sh first."
    [[ -x $DIST/$name ]] || fail 5 "$DIST/$name is missing: run ./build.sh linux-arm64 first."
  done
  [[ -f $DIST/libonnxruntime.so.1 ]] || fail 5 "$DIST/libonnxruntime.so.1 is missing: run ./build.sh linux-arm64 where NuGet can be reached."
}

demo_package() {
  rm -rf "$PACKAGE"
  "$HOST_DIST/resnetedge-export" export exporter/Demo/fashion-resnet14.safetensors -o "$PACKAGE" --preset fashion-mnist \
    --calibration exporter/Demo/calibration > "$OUT/export.log" 2>&1 \
    || { tail -n 5 "$OUT/export.log" >&2; fail 1 "The demo's package cannot be made."; }
}

programs() {
  demo_package
  on_each "${PROCESSORS[@]}" -- commands
  on_each "${PROCESSORS[@]}" -- service
}

# shows WHAT PATTERN COMMAND...: ends with 0 and prints the pattern. The caller's $work holds the log, its $checks counts.
shows() {
  local what=$1 pattern=$2; shift 2
  if ! "$@" > "$work/shown.txt" 2>&1 || ! grep -qE "$pattern" "$work/shown.txt"; then
    tail -n 20 "$work/shown.txt" >&2
    fail 1 "$what: expected exit 0 and '$pattern' from: $*"
  fi
  checks=$((checks + 1))
}

# commands PROCESSOR
commands() {
  local cpu=$1 work=$OUT/programs.$1 checks=0 start=$SECONDS
  local run=(emulated "$cpu" "$DIST/resnetedge") exporter=(emulated "$cpu" "$DIST/resnetedge-export")
  rm -rf "$work" && mkdir -p "$work"
  cp -r "$PACKAGE" "$work/signed"
  shows "doctor on the $cpu" "^Kernels   > ${TIER[$cpu]} .*the best" "${run[@]}" doctor
  ! grep -qE '^Kernels.*(avx|amx)' "$work/shown.txt" || fail 1 "doctor on the $cpu lists tiers of x86 processors."
  shows "run on the $cpu" "0008.png: Sandal " "${run[@]}" run "$PACKAGE" "$PICTURES/Sandal/0008.png" --top 1
  shows "verify on the $cpu" "4 of 4 .*largest difference (0|[0-9.]+E-0[5-9])," "${run[@]}" verify "$PACKAGE"
  shows "keygen on the $cpu" "" "${exporter[@]}" keygen -o "$work/acme"
  shows "keygen on the $cpu" "" "${exporter[@]}" keygen -o "$work/other"
  shows "sign on the $cpu" "" "${exporter[@]}" sign "$work/signed" --key "$work/acme.key"
  shows "verify --key on the $cpu" "4 of 4 " "${run[@]}" verify "$work/signed" --key "$work/acme.pub"
  refuted "a package that somebody else signed, on the $cpu" 4 "" "${run[@]}" verify "$work/signed" --key "$work/other.pub"
  shows "verify --engine onnxruntime on the $cpu" "4 of 4 .*onnxruntime" "${run[@]}" verify "$PACKAGE" --engine onnxruntime
  row "$cpu" "doctor, run, sign, verify --key, onnxruntime" "$((checks + 1)) passed" $((SECONDS - start))
}

# service PROCESSOR: a folder as camera, the page's addresses, and the end that systemd asks for.
service() {
  local cpu=$1 work=$OUT/service.$1 checks=0 start=$SECONDS status=0 address pid
  rm -rf "$work" && mkdir -p "$work/state"
  address=127.0.0.1:$(free_port)
  cat > "$work/service.yaml" << END
state_folder: $work/state
model:
  package: $PACKAGE
camera:
  device: $PWD/$PICTURES/Sandal
  loop: true
watch:
  listen: $address
END
  exec_emulated "$cpu" "$DIST/resnetedge-service" run --service "$work/service.yaml" > "$work/service.log" 2>&1 &
  pid=$!
  # shellcheck disable=SC2064 # this very process
  trap "kill $pid 2> /dev/null" EXIT
  # /health is 200 once frames flow.
  shows "GET /health on the $cpu" '"healthy": ?true' curl -sSf --retry 120 --retry-delay 1 --retry-all-errors "http://$address/health"
  shows "GET /metrics on the $cpu" '^resnetedge_frames_total [1-9]' curl -sSf "http://$address/metrics"
  shows "GET / on the $cpu" '<title>' curl -sSf "http://$address/"
  curl -sSf "http://$address/picture.jpg" -o "$work/picture.jpg" || fail 1 "GET /picture.jpg on the $cpu failed."
  shows "GET /picture.jpg on the $cpu" '^ ff d8 ff' od -An -N3 -tx1 "$work/picture.jpg"
  kill -TERM "$pid"
  wait "$pid" || status=$?
  trap - EXIT
  [[ $status == 0 ]] || { tail -n 5 "$work/service.log" >&2; fail 1 "SIGTERM on the $cpu: the service ended with exit $status, not 0."; }
  row "$cpu" "service: camera, health, metrics, page, SIGTERM" "$((checks + 1)) passed" $((SECONDS - start))
}

free_port() { perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'; }
