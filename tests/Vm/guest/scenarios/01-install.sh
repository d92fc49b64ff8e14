# The packages install, start nothing without a configuration, and give the service its groups, devices and sandbox.
install_package
is_installed || fail "dpkg does not call them installed: $(dpkg-query -W -f '${Package} ${db:Status-Status} ' 'resnetedge*')"
getent group gpio resnetedge-config > /dev/null || fail "a group is missing"
chip_is_for_gpio() { [[ $(stat -c %G:%a "/dev/$(cat $SIM/bank0/chip_name)") == gpio:660 ]]; }
await $PATIENCE "the GPIO chip's group" chip_is_for_gpio
equal "$(stat -c %G:%a /etc/resnetedge)" resnetedge-config:2750 "owner of /etc/resnetedge"
# docs/install.md copies a model there before the first start.
[[ -d /var/lib/resnetedge/models && $(readlink /var/lib/resnetedge) == private/resnetedge ]] \
  || fail "/var/lib/resnetedge/models is not there from the installation on"
equal "$(systemctl is-enabled $UNIT)" enabled "the unit"
equal "$(property ActiveState)/$(property ConditionResult)" inactive/no "the unit without a configuration"
systemd-analyze verify --man=no $UNIT
exposure=$(systemd-analyze security --no-pager $UNIT | sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\).*/\1/p')
awk -v x="$exposure" 'BEGIN { exit !(x < 2.0) }' || fail "systemd-analyze security says $exposure"
figure "$(dpkg --print-architecture), systemd-analyze security $exposure, $(resnetedge --version)"
for name in resnetedge resnetedge-service; do
  for file in man/man1/$name.1.gz bash-completion/completions/$name zsh/vendor-completions/_$name; do
    [[ -s /usr/share/$file ]] || fail "/usr/share/$file is missing"
  done
  grep -q '"bomFormat": "CycloneDX"' "/usr/share/doc/$name/sbom.cdx.json" || fail "$name has no bill of materials"
done
resnetedge run --service "/usr/share/doc/$SERVICE_PACKAGE/examples/service.yaml" --check || fail "resnetedge does not hand over to $SERVICE_PACKAGE"
for name in $(names_of "${DEBS[@]}"); do [[ $(dpkg --verify "$name") == "" ]] || fail "dpkg --verify: $(dpkg --verify "$name")"; done
