# Frames of /dev/video0 switch a GPIO line; the time from the camera's stamp to the line's change, seen by the kernel, is in the report.
ready
figure "memory $(($(property MemoryCurrent) >> 20)) MiB with a network of a few weights"
lamp_follows

# The kernel's own record of each change of a line, on the clock that the camera stamps frames with.
trace=/sys/kernel/tracing
echo mono > $trace/trace_clock
echo 1 > $trace/events/gpio/gpio_value/enable
echo > $trace/trace
for _ in 1 2 3 4 5 6 7 8; do lamp_follows; done
echo 0 > $trace/events/gpio/gpio_value/enable
# gpio_value: "... 12.345678: gpio_value: 512 set 1"
sed -n 's/.* \([0-9.]*\): gpio_value: [0-9]* set [01].*/\1/p' $trace/trace > /tmp/changes
(($(wc -l < /tmp/changes) >= 16)) || fail "the kernel saw $(wc -l < /tmp/changes) changes of the line instead of 16"

# The frame that changed it is the last one whose result was there before.
sed -n 's/.*"camera_time_s":\([0-9.]*\),.*"end_to_end_ms":\([0-9.]*\)}.*/\1 \2/p' $RESULTS > /tmp/frames
awk 'FNR == NR { taken[n++] = $1; done[n] = $1 + $2 / 1000; next }
  { for (i = n; i > 0 && done[i] > $1; i--); if (i > 0) print 1000 * ($1 - taken[i - 1]) }' /tmp/frames /tmp/changes | sort -n > /tmp/latencies
count=$(wc -l < /tmp/latencies)
((count >= 16)) || fail "only $count of 16 changes have a frame before them"
times=$(awk '{ x[NR] = $1 } END { printf "p50 %.1f ms, least %.1f ms, most %.1f ms", x[int((NR + 1) / 2)], x[1], x[NR] }' /tmp/latencies)
figure "camera stamp to line, $count changes, emulated processor: $times"
