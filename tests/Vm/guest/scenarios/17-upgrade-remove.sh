# An upgrade restarts the running service; removal keeps configuration and state, installation takes them up again, purge deletes them.
ready
lamp_follows
before=$(property MainPID)
version=$(dpkg-deb -f "${DEBS[0]}" Version)
for deb in "${DEBS[@]}"; do
  dpkg-deb -R "$deb" /tmp/newer
  # A package that asks for exactly this version of another asks for the newer one.
  sed -i -e 's/^Version: .*/&+newer/' -e "/^Depends:/s/(= $version)/(= $version+newer)/g" /tmp/newer/DEBIAN/control
  dpkg-deb --root-owner-group -Znone -b /tmp/newer "/tmp/newer-${deb##*/}" > /dev/null
  rm -r /tmp/newer
done
dpkg -i /tmp/newer-*.deb
[[ $(property MainPID) != "$before" ]] || fail "the old program still runs"
equal "$(dpkg-query -W -f '${Version}' "$SERVICE_PACKAGE")" "$version+newer" "the version"
frames_flow "frames after the upgrade"
lamp_follows

dpkg -r "$SERVICE_PACKAGE"
[[ ! -e /usr/bin/$SERVICE_PACKAGE ]] || fail "the program is still there"
[[ -s $CONFIGURATION && -d $MODELS/current ]] || fail "removal took configuration or state along"
equal "$(line_value OUT0)" 0 "the line after removal"
dpkg -i "${DEBS[@]}"
frames_flow "frames after the new installation"
lamp_follows

dpkg -P "$SERVICE_PACKAGE"
for path in /etc/resnetedge $STATE /var/lib/resnetedge "/usr/share/doc/$SERVICE_PACKAGE" /usr/lib/systemd/system/$UNIT; do
  [[ ! -e $path && ! -L $path ]] || fail "$path is left after purge"
done
systemctl cat $UNIT > /dev/null 2>&1 && fail "systemd still knows the unit"
dpkg -i "${DEBS[@]}"
equal "$(property ActiveState)" inactive "the unit after purge and installation"
