# A bad configuration is refused with its line and the old one stays, even over a crash; a good one is taken over, by SIGHUP and by itself.
ready
sed -i 's/threshold: 0.8/threshold: high/' $CONFIGURATION
systemctl reload $UNIT
await $PATIENCE "the refusal names file, line and setting" journal_has 'service.yaml:[0-9]*: .*threshold'
lamp_follows
# A power cut at this moment: the file is bad, and the service runs all the same.
systemctl kill -s KILL $UNIT
await $PATIENCE "the restart while the file is bad" was_restarted 0
frames_flow "frames while the file is bad"
lamp_follows
journal_has "running the last valid one" || fail "the journal does not say which configuration runs"

configure line=OUT1
systemctl reload $UNIT
await $PATIENCE "the old line is released" is_free OUT0
lamp_follows OUT1
equal "$(line_value OUT0)" 0 "the line of the old configuration"
configure line=OUT0
await $PATIENCE "the changed file is taken over without a signal" is_free OUT1
lamp_follows OUT0
equal "$(property NRestarts)" 1 "restarts"
