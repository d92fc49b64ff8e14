# Damaged frames, lost buffers, an I/O error in the stream and refused calls: counted, and recovered from without a restart.
ready
before=$(damaged)
v4l2-ctl -d /dev/video0 -c inject_v4l2_buf_flag_error=1
is_counted() { (($(damaged) > before)); }
await $PATIENCE "a damaged frame is counted" is_counted
v4l2-ctl -d /dev/video0 -c percentage_of_dropped_buffers=50
frames_flow "frames while half of the buffers are lost"
v4l2-ctl -d /dev/video0 -c percentage_of_dropped_buffers=0
for fault in inject_fatal_streaming_error inject_vidioc_streamon_error inject_vidioc_reqbufs_error inject_vidioc_qbuf_error; do
  # The second refuses the reopening that the first makes necessary.
  v4l2-ctl -d /dev/video0 -c $fault=1
  [[ $fault == inject_fatal_streaming_error ]] || v4l2-ctl -d /dev/video0 -c inject_fatal_streaming_error=1
  frames_flow "frames after $fault"
done
lamp_follows
equal "$(property NRestarts)" 0 "restarts"
