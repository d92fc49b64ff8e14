# A camera that is not there at the start and stays away while the clock runs on by hours: the unit is never failed. Nor is it after a
# dozen crashes in a row.
install_package
put_model bright
configure
unplug
systemctl start --no-block $UNIT
is_failed() { [[ $(property ActiveState) == failed ]]; }
await $PATIENCE "the service without a camera" is_running
for _ in 1 2 3 4 5 6; do
  date -s '+30 minutes' > /dev/null
  never 10 "the unit failed" is_failed
done
equal "$(property NRestarts)" 0 "restarts while the camera was away"
plug
frames_flow "frames after three hours"
lamp_follows
for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
  await $PATIENCE "the service before crash $round" is_running
  systemctl kill -s KILL $UNIT
  await $PATIENCE "crash $round" restarts_reached "$round"
  ! is_failed || fail "the unit failed after $round crashes"
done
frames_flow "frames after twelve crashes"
