# The camera is unplugged and plugged in again while it streams, three times: frames and the line come back without a restart.
ready
lamp_follows
for round in 1 2 3; do
  unplug
  await $PATIENCE "its status says that the camera is gone" is_blind
  is_running || fail "the service ended in round $round"
  plug
  frames_flow "frames after the camera came back, round $round"
  lamp_follows
done
await $PATIENCE "its status says that all is well" is_healthy
equal "$(property NRestarts)" 0 "restarts"
