# The webhook's server and the metrics' collector are away, over a SIGKILL: every event arrives in order once they are there, and metrics again.
readonly PORT=9000 QUEUE=$STATE/webhook-office POSTS=/tmp/posts PUSHES=/tmp/pushes
rm -rf "$QUEUE" $POSTS $PUSHES
install_package
put_model bright
configure more="telemetry:
  endpoint: http://127.0.0.1:$PORT/v1/metrics
  interval_s: 2"
sed -i -e 's/actions: \[lamp\]/actions: [lamp, office]/' \
  -e "s|^outputs:|outputs:\n  - name: office\n    type: webhook\n    url: http://127.0.0.1:$PORT/events|" $CONFIGURATION
start_service

# serve: keeps each event with its key, and each push of metrics; one request a connection.
serve() {
  perl -MIO::Socket::INET -e '
    my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 8, ReuseAddr => 1) or die $!;
    while (my $client = $server->accept) {
      my ($line, $key, $length) = (scalar <$client>, "", 0);
      while (defined(my $header = <$client>)) {
        last if $header =~ /^\r?$/;
        $key = $1 if $header =~ /^Idempotency-Key: (\S+)/i;
        $length = $1 if $header =~ /^Content-Length: (\d+)/i;
      }
      read $client, my $body, $length;
      open my $file, ">>", $line =~ m{ /events } ? $ARGV[1] : $ARGV[2] or die $!;
      print $file "$key\t$body\n";
      close $file;
      print $client "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
      close $client;
    }' $PORT $POSTS $PUSHES &
}
# At least once is the promise: the same key twice is the same event.
arrived() { if [[ -f $POSTS ]]; then awk -F '\t' '!seen[$1]++' $POSTS; fi; }
have_arrived() { (($(arrived | wc -l) >= $1)); }
are_on_disk() { (($(find "$QUEUE" -name '*.json' 2> /dev/null | wc -l) == $1)); }

for _ in 1 2 3; do lamp_follows; done
await $PATIENCE "six events on the disk" are_on_disk 6
journal_has 'metrics cannot be pushed' || fail "the journal does not say that the collector is away"
systemctl kill -s KILL $UNIT
await $PATIENCE "the service after SIGKILL" was_restarted 0
frames_flow "frames after SIGKILL"
lamp_follows
await $PATIENCE "eight events on the disk" are_on_disk 8
serve
trap 'kill %1' EXIT
await $PATIENCE "eight events at the server" have_arrived 8
await $PATIENCE "metrics at the collector" test -s $PUSHES
lamp_follows
await $PATIENCE "two more events" have_arrived 10
await $PATIENCE "an empty queue" are_on_disk 0
equal "$(arrived | grep -o '"on":[a-z]*' | tr '\n' ' ')" "$(printf '"on":true "on":false %.0s' 1 2 3 4 5)" "events, in order"
figure "10 events, $(wc -l < $POSTS) deliveries, $(wc -l < $PUSHES) pushes of metrics"
