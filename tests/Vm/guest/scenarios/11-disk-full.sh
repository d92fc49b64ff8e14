# The state folder's disk is full: the line follows all the same, and results are written again once there is room.
install_package
mkdir -p $STATE
mount -t tmpfs -o size=6M,mode=0755 tmpfs $STATE
trap 'systemctl stop $UNIT; umount $STATE' EXIT
ready
dd if=/dev/zero of=$STATE/filler bs=64k status=none 2> /dev/null && fail "the disk is not full"
lamp_follows
lamp_follows
is_running || fail "the service ended"
curl -s http://127.0.0.1:8080/health | grep '"degraded":true' > /dev/null || fail "health does not say that the disk is full"
equal "$(property NRestarts)" 0 "restarts"
rm $STATE/filler
frames_flow "results after there is room again"
tail -n 5 $RESULTS | grep -v '^{"event":.*}$' && fail "a result was cut in two"
lamp_follows
