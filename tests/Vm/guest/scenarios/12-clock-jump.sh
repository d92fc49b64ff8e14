# The clock jumps forwards a day and back two: frames flow, durations stay durations, nothing restarts.
ready
for jump in '+1 day' '-2 days' '+1 day'; do
  date -s "$jump" > /dev/null
  frames_flow "frames after the clock jumped $jump"
  lamp_follows
done
equal "$(property NRestarts)" 0 "restarts"
worst=$(sed -n 's/.*"end_to_end_ms":\(-*[0-9.]*\)}.*/\1/p' $RESULTS | sort -n | sed -n '1p;$p' | tr '\n' ' ')
awk -v x="$worst" 'BEGIN { split(x, w, " "); exit !(w[1] >= 0 && w[2] < 60000) }' || fail "end_to_end_ms from $worst"
