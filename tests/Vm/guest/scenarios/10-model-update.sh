# A model is swapped under the running service; a damaged one is refused and the old one stays; SIGKILL in the middle leaves a whole one.
ready
lamp_follows
offer() { # NAME: as docs/install.md says: beside, then renamed into place
  rm -rf $MODELS/next $MODELS/old
  cp -r "/host/models/$1" $MODELS/next
  mv $MODELS/current $MODELS/old
  mv $MODELS/next $MODELS/current
}
offer inverted
shows black
await $PATIENCE "the line under the exchanged labels" line_is OUT0 1
offer damaged
await $PATIENCE "the refusal of the damaged model" journal_has "refused"
frames_flow "frames after the refusal"
equal "$(line_value OUT0)" 1 "the line of the model that stayed"
for pause in 0 0.2 0.5 1 2; do
  offer bright
  sleep $pause # at different moments of the load
  systemctl kill -s KILL $UNIT
  restarts=$(property NRestarts)
  await $PATIENCE "the service after SIGKILL" was_restarted "$((restarts - 1))"
  frames_flow "frames after SIGKILL during an update"
  lamp_follows
done
