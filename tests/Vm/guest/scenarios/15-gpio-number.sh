# The GPIO chip goes away and comes back under another number: the line is found by its name.
ready
lamp_follows
before=$(cat $SIM/bank0/chip_name)
echo 0 > $SIM/live
frames_flow "frames without the chip"
echo 1 > $SIM/live
[[ $(cat $SIM/bank0/chip_name) != "$before" ]] || fail "the chip is $before again: nothing is tested"
udevadm settle
lamp_follows
figure "$before became $(cat $SIM/bank0/chip_name)"
