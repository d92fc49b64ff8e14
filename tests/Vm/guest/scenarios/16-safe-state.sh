# Killed, stopped or crashed: the line carries its safe value at once, and what it should once the service is back.
ready
shows white
for signal in KILL ABRT; do
  await $PATIENCE "the line after a white picture" line_is OUT0 1
  before=$(property NRestarts)
  systemctl kill -s $signal $UNIT
  await $PATIENCE "the line falls after SIG$signal" line_is OUT0 0
  await $PATIENCE "the restart after SIG$signal" was_restarted "$before"
done
await $PATIENCE "the line after the restart" line_is OUT0 1
systemctl stop $UNIT
equal "$(line_value OUT0)" 0 "the line of the stopped service"
equal "$(property Result)" success "the end of the service"
