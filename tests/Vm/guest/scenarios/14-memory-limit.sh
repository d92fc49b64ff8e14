# Too little memory ends the service again and again; the unit does not fail, and runs as soon as there is enough.
install_package
put_model bright
configure
drop_in 'MemoryMax=4M'
systemctl start --no-block $UNIT
is_failed() { [[ $(property ActiveState) == failed ]]; }
await $PATIENCE "the third start" restarts_reached 3
! is_failed || fail "the unit failed"
journal_has "oom-kill" || fail "the journal does not speak of memory: $(property Result)"
rm -r "/run/systemd/system/$UNIT.d"
systemctl daemon-reload
frames_flow "frames once there is memory"
lamp_follows
