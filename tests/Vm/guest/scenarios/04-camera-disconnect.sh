# The driver reports a disconnected device while its node stays (POLLHUP, ENODEV until every handle is closed).
ready
v4l2-ctl -d /dev/video0 -c disconnect=1
frames_flow "frames after the disconnection"
lamp_follows
equal "$(property NRestarts)" 0 "restarts"
