# With triggers the camera is closed until a GPIO edge or a line on a socket asks; latency, and CPU time asleep, are in the report.
readonly PULL=/sys/devices/platform/$(cat $SIM/dev_name)/$(cat $SIM/bank0/chip_name)/sim_gpio1/pull
trap 'systemctl stop $UNIT; echo pull-down > $PULL' EXIT
holds_camera() { find "/proc/$(property MainPID)/fd" -lname '/dev/video*' | grep -q .; }
asked_by() { (($(journalctl -u $UNIT --after-cursor="$CURSOR" --no-pager | grep -c "look trigger=$1 frames=2 rules=bright") >= $2)); }
echo pull-down > "$PULL"
ready
shows white
configure more='looks: {frames: 2, warm_up_frames: 1, timeout_s: 60}
triggers:
  - {name: button, type: gpio, line: OUT1, debounce_ms: 5}
  - {name: ask, type: unix_socket, path: /run/resnetedge/look}'
await $PATIENCE "sleep" status_begins asleep:
holds_camera && fail "the camera is open while nobody asks"
equal "$(gpioinfo | grep '"OUT1"' | grep -c input)" 1 "the button's line"

for press in 1 2 3; do
  echo pull-up > "$PULL"
  await $PATIENCE "a look for press $press" asked_by button $press
  await $PATIENCE "sleep after it" status_begins asleep:
  echo pull-down > "$PULL"
  # Also as long as the line must be low: a button that is up for less than debounce_ms was never up.
  never 1 "a released button asks" asked_by button $((press + 1))
done
journal_has 'line changed output=lamp active=True rule=bright' || fail "the lamp did not follow the look"
await $PATIENCE "the lamp off" line_is OUT0 0

# shellcheck disable=SC2016 # Perl's variables
answer=$(perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Peer => shift) or die "$!"; print $s "look\n"; $s->flush; print scalar <$s>' \
  /run/resnetedge/look)
[[ $answer == *'"trigger":"ask","frames":2,'*'"rules":["bright"]'*'"label":"bright"'* ]] || fail "the answer is: $answer"
await $PATIENCE "sleep after the answer" status_begins asleep:
before=$(property CPUUsageNSec) start=$(uptime_ms)
never 20 "the service woke by itself" holds_camera
used=$((($(property CPUUsageNSec) - before) / 1000)) passed=$(($(uptime_ms) - start))
times=$(journalctl -u $UNIT --after-cursor="$CURSOR" --no-pager |
  sed -n 's/.*look trigger=button.*latency_ms=\([0-9.]*\).*/\1/p' | sort -n | tr '\n' ' ')
figure "edge to answer: $times ms, camera opened for each; asleep: $used us of CPU in $passed ms"
