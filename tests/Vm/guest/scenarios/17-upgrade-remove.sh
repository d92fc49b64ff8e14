# An upgrade restarts the running service; removal keeps configuration and state, installation takes them up again, purge deletes them.
ready
lamp_follows
before=$(property MainPID)
dpkg-deb -R $PACKAGE /tmp/newer
sed -i 's/^Version: .*/&+newer/' /tmp/newer/DEBIAN/control
dpkg-deb --root-owner-group -Znone -b /tmp/newer /tmp/newer.deb > /dev/null
dpkg -i /tmp/newer.deb
[[ $(property MainPID) != "$before" ]] || fail "the old program still runs"
equal "$(dpkg-query -W -f '${Version}' resnetedge)" "$(dpkg-deb -f $PACKAGE Version)+newer" "the version"
frames_flow "frames after the upgrade"
lamp_follows

dpkg -r resnetedge
[[ ! -e /usr/bin/resnetedge ]] || fail "the program is still there"
[[ -s $CONFIGURATION && -d $MODELS/current ]] || fail "removal took configuration or state along"
equal "$(line_value OUT0)" 0 "the line after removal"
dpkg -i $PACKAGE
frames_flow "frames after the new installation"
lamp_follows

dpkg -P resnetedge
for path in /etc/resnetedge $STATE /var/lib/resnetedge /usr/share/doc/resnetedge /usr/lib/systemd/system/$UNIT; do
  [[ ! -e $path && ! -L $path ]] || fail "$path is left after purge"
done
systemctl cat $UNIT > /dev/null 2>&1 && fail "systemd still knows the unit"
dpkg -i $PACKAGE
equal "$(property ActiveState)" inactive "the unit after purge and installation"
