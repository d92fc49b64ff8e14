# The GPIO chip goes away and comes back under another number: the line is found by its name.
readonly OTHER=/sys/kernel/config/gpio-sim/other
trap 'systemctl stop $UNIT; echo 0 > $OTHER/live; rmdir $OTHER/bank0 $OTHER' EXIT
ready
lamp_follows
before=$(cat $SIM/bank0/chip_name)
echo 0 > $SIM/live
frames_flow "frames without the chip"
# Another chip is quicker and takes the free number.
mkdir -p $OTHER/bank0
echo 1 > $OTHER/live
echo 1 > $SIM/live
[[ $(cat $SIM/bank0/chip_name) != "$before" ]] || fail "the chip is $before again: nothing is tested"
udevadm settle
lamp_follows
equal "$(property NRestarts)" 0 "restarts"
figure "$before became $(cat $SIM/bank0/chip_name)"
