# The thermal zone gets hot: the service runs fewer frames, says so, and runs all again once it is cool.
heat() { echo "$1" > /sys/module/fake_thermal/parameters/temp; }
trap 'heat 45000; echo 0 > /sys/module/fake_thermal/parameters/fail' EXIT
heat 45000
ready more='budget:
  max_celsius: 80
  calm_s: 2
  heat_pause_s: 1'
heat 85000
await $PATIENCE "a step down" journal_has "operating point changed.*degrees"
lamp_follows
# A sensor that cannot be read is not a reason to stop.
echo 1 > /sys/module/fake_thermal/parameters/fail
frames_flow "frames while the sensor fails"
echo 0 > /sys/module/fake_thermal/parameters/fail
heat 45000
stepped_up() { journalctl -u $UNIT --after-cursor="$CURSOR" --no-pager -o cat | grep -o 'steps_up=[0-9]*' | tail -n 1 | grep -v '=0$' > /dev/null; }
await $PATIENCE "a step up" stepped_up
lamp_follows
