# An MJPEG camera (v4l2loopback) whose feeder is killed: no error, only silence. It is noticed, and frames come again with the feeder.
modprobe v4l2loopback devices=1 video_nr=9 exclusive_caps=1
for picture in white black; do cjpeg -quality 90 -outfile /tmp/$picture.jpg /host/$picture.ppm; done
# Tried again while the driver still counts the reader that is being closed.
feed() {
  (until /host/mjpgfeed /dev/video9 640 480 10 "/tmp/$1.jpg"; do sleep 0.5; done) &
  feeder=$!
}
trap 'kill $feeder 2> /dev/null || true; pkill -x mjpgfeed || true; systemctl stop $UNIT; modprobe -r v4l2loopback' EXIT
feed white
ready device=/dev/video9 format=MJPG width=640 height=480
await $PATIENCE "the line after white JPEGs" line_is OUT0 1
kill $feeder
pkill -x mjpgfeed
await $PATIENCE "silence is noticed" is_blind
is_running || fail "the service ended"
feed black
frames_flow "frames after the silence"
await $PATIENCE "the line after black JPEGs" line_is OUT0 0
equal "$(property NRestarts)" 0 "restarts"
