# What scenarios share. Sourced with -euo pipefail: a check that fails ends the scenario, and its sentence is the report.
# shellcheck shell=bash

readonly UNIT=resnetedge.service
readonly STATE=/var/lib/private/resnetedge MODELS=/var/lib/private/resnetedge/models CONFIGURATION=/etc/resnetedge/service.yaml
# The packages under test, and the one of them that holds the service.
readonly DEBS=(/host/debs/*.deb)
# shellcheck disable=SC2034 # scenarios use it
readonly SERVICE_PACKAGE=resnetedge-service
readonly SIM=/sys/kernel/config/gpio-sim/bench VIVID=/sys/bus/platform/drivers/vivid
readonly RESULTS=$STATE/results.jsonl
# Generous: the processor is emulated, about ten times slower than the host, and the host may be busy. Nothing waits longer than it must.
readonly PATIENCE=120

fail() { printf '%s\n' "$*"; exit 1; }
skip() { printf '%s\n' "$*"; exit 77; }
# figure TEXT: into the report.
figure() { printf 'figure: %s\n' "$*"; }
uptime_ms() { awk '{ printf "%d", $1 * 1000 }' /proc/uptime; }

# await SECONDS WHAT COMMAND...: until the command succeeds, by the uptime, as scenarios set the clock.
await() {
  local limit=$1 what=$2 end
  shift 2
  end=$(($(uptime_ms) + limit * 1000))
  until "$@"; do
    (($(uptime_ms) < end)) || fail "$what: not within $limit s"
    sleep 0.1
  done
}

# never SECONDS WHAT COMMAND...: the command fails all that time. For what must not happen, after what has happened was awaited.
never() {
  local limit=$1 what=$2 end
  shift 2
  end=$(($(uptime_ms) + limit * 1000))
  while (($(uptime_ms) < end)); do
    if "$@"; then fail "$what"; fi
    sleep 0.2
  done
}

equal() { [[ $1 == "$2" ]] || fail "$3: '$1' instead of '$2'"; }

# ---- devices ---------------------------------------------------------------------------------------------------------------

make_lines() {
  mkdir -p $SIM/bank0/line0 $SIM/bank0/line1
  echo 8 > $SIM/bank0/num_lines
  echo OUT0 > $SIM/bank0/line0/name
  echo OUT1 > $SIM/bank0/line1/name
  echo 1 > $SIM/live
}

make_devices() {
  modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x0
  modprobe gpio-sim
  modprobe fake-thermal temp=45000
  make_lines
  mount -t tracefs tracefs /sys/kernel/tracing 2> /dev/null || [[ -d /sys/kernel/tracing/events ]]
  udevadm settle
}

# line_value NAME: what the simulated line carries now.
line_value() {
  local line
  for line in "$SIM"/bank0/line*; do
    [[ $(cat "$line/name") == "$1" ]] || continue
    cat "/sys/devices/platform/$(cat $SIM/dev_name)/$(cat $SIM/bank0/chip_name)/sim_gpio${line##*line}/value"
    return
  done
  fail "there is no line $1"
}

line_is() { [[ $(line_value "$1") == "$2" ]]; }

# shows white|black: what the simulated camera films. Vivid's test patterns 6 and 5.
shows() {
  case $1 in
    white) v4l2-ctl -d /dev/video0 -c test_pattern=6 ;;
    black) v4l2-ctl -d /dev/video0 -c test_pattern=5 ;;
  esac
}

has_camera() { [[ -c /dev/video0 ]] && v4l2-ctl -d /dev/video0 --info > /dev/null 2>&1; }
unplug() { echo vivid.0 > $VIVID/unbind; }
plug() {
  echo vivid.0 > $VIVID/bind
  await $PATIENCE "the camera's node" has_camera
  udevadm settle
}

# ---- service ---------------------------------------------------------------------------------------------------------------

property() { systemctl show "$UNIT" -p "$1" --value; }
is_running() { [[ $(property ActiveState)/$(property SubState) == active/running ]]; }
was_restarted() { (($(property NRestarts) > $1)) && is_running; }
restarts_reached() { (($(property NRestarts) >= $1)); }
# names_of DEB...: their packages, by the files' names.
names_of() { printf '%s\n' "${@##*/}" | sed 's/_.*//'; }
is_installed() {
  local name
  for name in $(names_of "${DEBS[@]}"); do [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2> /dev/null) == installed ]] || return 1; done
}
install_package() { is_installed || dpkg -i "${DEBS[@]}"; }

# journal_has TEXT: since the scenario's beginning.
journal_has() { journalctl -u "$UNIT" --after-cursor="$CURSOR" --no-pager | grep -- "$1" > /dev/null; }

results() { if [[ -f $RESULTS ]]; then wc -l < "$RESULTS"; else echo 0; fi; }
# results_after N: more than N results were written.
results_after() { (($(results) > $1)); }
# frames_flow: ten more results than now.
frames_flow() { await $PATIENCE "${1:-frames}" results_after $(($(results) + 10)); }

# put_model NAME: makes a package of the share the current one, as docs/install.md says.
put_model() {
  rm -rf "$MODELS/next"
  mkdir -p "$MODELS"
  cp -r "/host/models/$1" "$MODELS/next"
  rm -rf "$MODELS/current"
  mv "$MODELS/next" "$MODELS/current"
}

# configure [NAME=VALUE...]: writes the configuration; names: package device format width height rate line more (further sections).
configure() {
  local package=/var/lib/resnetedge/models/current device=/dev/video0 format=YUYV width=640 height=360 rate=10 line=OUT0 more='' each
  for each; do local "$each"; done
  cat > $CONFIGURATION.new <<END
model:
  package: $package
camera:
  device: $device
  format: $format
  width: $width
  height: $height
  frames_per_second: $rate
rules:
  - name: bright
    label: bright
    threshold: 0.8
    release: 0.6
    frames: 2
    of: 3
    actions: [lamp]
outputs:
  - name: lamp
    type: gpio
    line: $line
  - name: results
    type: json_lines
    what: results
    path: /var/lib/resnetedge/results.jsonl
watch:
  listen: 127.0.0.1:8080
$more
END
  mv $CONFIGURATION.new $CONFIGURATION
}

# start_service: with what configure wrote; until frames flow.
start_service() {
  systemctl start "$UNIT" || fail "the service does not start: $(journalctl -u $UNIT -n 3 -o cat --no-pager | tr '\n' ' ')"
  frames_flow "frames after the start"
}

# lamp_follows [LINE]: the camera's picture goes through the network to the line, both ways.
lamp_follows() {
  local line=${1:-OUT0}
  shows white
  await $PATIENCE "the line $line after a white picture" line_is "$line" 1
  shows black
  await $PATIENCE "the line $line after a black picture" line_is "$line" 0
}

# metric SAMPLE: its value on the metrics page; the labels are part of the sample.
metric() { curl -sf --max-time 10 http://127.0.0.1:8080/metrics | awk -v name="$1" '$1 == name { print $2 }'; }

damaged() { metric 'resnetedge_frames_lost_total{reason="damaged"}'; }
status_begins() { [[ $(property StatusText) == "$1"* ]]; }
is_healthy() { status_begins running:; }
is_blind() { status_begins blind:; }
# answers PATH CODE: the service's web server.
answers() { [[ $(curl -s -o /dev/null -w '%{http_code}' --max-time 10 "http://127.0.0.1:8080$1") == "$2" ]]; }

# is_free LINE: nobody holds it.
is_free() { gpioinfo | grep "\"$1\"" | grep unused > /dev/null; }

# drop_in TEXT: a [Service] section for this scenario alone.
drop_in() {
  mkdir -p "/run/systemd/system/$UNIT.d"
  printf '[Service]\n%s\n' "$1" > "/run/systemd/system/$UNIT.d/bench.conf"
  systemctl daemon-reload
}

# reset: the same beginning for each scenario: installed, stopped, camera there and black, good model, no results.
reset() {
  CURSOR=$(journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
  systemctl kill -s CONT "$UNIT" 2> /dev/null || true # not loaded before the first installation
  systemctl stop "$UNIT" 2> /dev/null || true
  rm -rf "/run/systemd/system/$UNIT.d"
  # A deliberate mistake, to show that the bench sees it.
  if [[ -f /host/mistake.conf ]]; then install -D /host/mistake.conf "/run/systemd/system/$UNIT.d/mistake.conf"; fi
  systemctl daemon-reload
  systemctl reset-failed
  [[ -e /sys/bus/platform/devices/vivid.0/driver ]] || plug
  [[ $(cat $SIM/live) == 1 ]] || make_lines
  shows black
  rm -rf "$RESULTS"*
  if [[ -d $MODELS ]]; then put_model bright; fi
}

# ready: what most scenarios begin with.
ready() {
  install_package
  put_model bright
  configure "$@"
  start_service
}
