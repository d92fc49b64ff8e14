# A bad configuration is refused with its line and the old one stays; a good one is taken over, by SIGHUP and by itself.
ready
sed -i 's/threshold: 0.8/threshold: high/' $CONFIGURATION
systemctl reload $UNIT
await $PATIENCE "the refusal names file, line and setting" journal_has 'service.yaml:[0-9]*: .*threshold'
lamp_follows
configure line=OUT1
systemctl reload $UNIT
await $PATIENCE "the old line is released" is_free OUT0
lamp_follows OUT1
equal "$(line_value OUT0)" 0 "the line of the old configuration"
configure line=OUT0
await $PATIENCE "the changed file is taken over without a signal" is_free OUT1
lamp_follows OUT0
equal "$(property NRestarts)" 0 "restarts"
