# The service hangs (SIGSTOP): the watchdog ends it, its line falls, and it runs again by itself.
ready
shows white
await $PATIENCE "the line after a white picture" line_is OUT0 1
before=$(uptime_ms)
systemctl kill -s STOP $UNIT
await $PATIENCE "the line falls when the hung service is ended" line_is OUT0 0
await $PATIENCE "the restart by the watchdog" was_restarted 0
journal_has "Watchdog timeout" || fail "the journal does not speak of the watchdog"
await $PATIENCE "the line after the restart" line_is OUT0 1
figure "hang to working again: $(($(uptime_ms) - before)) ms"
