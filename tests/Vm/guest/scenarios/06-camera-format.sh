# A size that the camera has not, a rate that it lowers, a format that it grants and does not give: said with what it has instead, and a
# better configuration is taken over without a restart.
install_package
put_model bright
configure width=700 height=400
systemctl start $UNIT
await $PATIENCE "the service says which sizes the camera has" journal_has "does not provide YUYV of 700x400 (it answered YUYV 640x360; it has "
is_blind || fail "its status is not blind but $(property StatusText)"
# The camera's most is below 60.
configure rate=60
frames_flow "frames of the size that the camera has"
lamp_follows
# vivid answers MJPG with YUYV, without an error.
configure format=MJPG
await $PATIENCE "the service says that the camera does not provide MJPG" journal_has "does not provide MJPG"
is_running || fail "the service ended"
configure
frames_flow "frames after the right format"
lamp_follows
equal "$(property NRestarts)" 0 "restarts"
