# Health, metrics and the live page answer on the loopback address alone, and health says when the camera is gone.
ready
await $PATIENCE "the health endpoint's 200" answers /health 200
answers / 200 || fail "there is no live page"
curl -sf http://127.0.0.1:8080/metrics > /tmp/metrics || fail "there are no metrics"
grep '^resnetedge_frames_total [1-9]' /tmp/metrics > /dev/null || fail "the metrics count no frames"
ss -Hltn 2> /dev/null | grep -v 127.0.0.1 | grep ':8080' && fail "it listens on more than loopback"
unplug
await $PATIENCE "the health endpoint's 503 without a camera" answers /health 503
plug
await $PATIENCE "the health endpoint's 200 with the camera back" answers /health 200
