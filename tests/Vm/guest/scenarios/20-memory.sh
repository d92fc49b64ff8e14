# A ResNet-18 in int8 at 224×224 runs in less than 64 MB, everything counted that the unit's cgroup holds in memory of its own.
install_package
put_model resnet18
configure width=640 height=480
# Its classes have no names: a rule without a label of its own would be refused.
sed -i '/^rules:/,/^outputs:/{/^outputs:/!d}' $CONFIGURATION
drop_in 'WatchdogSec=120'
systemctl start $UNIT
first() { (($(results) >= 3)); }
await 200 "three frames of a ResNet-18" first
pid=$(property MainPID)
peak=$(awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$pid/status")
anonymous=$(awk '/^anon / { print int($2 / 1048576) }' "/sys/fs/cgroup/system.slice/$UNIT/memory.stat")
figure "ResNet-18 int8 224x224: peak resident set $peak MiB (program file included), anonymous memory now $anonymous MiB"
((peak < 61)) || fail "the peak is $peak MiB, 64 MB are allowed"
