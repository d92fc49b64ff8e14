# A format that the driver grants and does not give, and a size that it lowers: the service takes what the camera answers, or says no.
ready width=700 height=400 rate=60
lamp_follows
systemctl stop $UNIT
# vivid answers MJPG with YUYV, without an error.
configure format=MJPG
systemctl start --no-block $UNIT
await $PATIENCE "the service says what the camera gives instead of MJPG" journal_has "MJPG"
configure
systemctl restart $UNIT
lamp_follows
