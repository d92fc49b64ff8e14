#!/bin/bash
# Builds the emulated device: Debian 12's kernel and systemd on a disk image, with a camera, GPIO lines and a thermal zone that tests
# command. Nothing on the host changes.
#
#   build-machine.sh OUT ARCHITECTURE
#
# Writes OUT/{vmlinuz,initrd.img,disk.img,info}. ARCHITECTURE: amd64, or arm64, whose modules are cross-compiled. Exit code 5: a tool, root
# or the package mirror is missing.
#
# Environment: MIRROR=URL (default: where this machine's apt gets bookworm main), EXTRA_PACKAGES=a,b into the image.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly MACHINE=$here/machine
fail() { printf 'build-machine.sh: %s\n' "$*" >&2; exit 5; }

# shellcheck source=tests/Vm/architectures.sh
source "$here/architectures.sh"

out=${1:?usage: build-machine.sh OUT ARCHITECTURE}
select_architecture "${2:?usage: build-machine.sh OUT ARCHITECTURE}"
mkdir -p "$out"
out=$(cd "$out" && pwd)
[[ $(id -u) == 0 ]] || fail "Only root can build the emulated device: files in its image belong to many users."
[[ $(dpkg --print-architecture 2> /dev/null) == amd64 ]] || fail "The emulated device is built on Debian for amd64."
missing=$(missing_needs)
[[ -z $missing ]] || fail "Debian packages are missing: install $missing."

# shellcheck disable=SC2016 # apt's own variables
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
  awk '$2 == "bookworm" && $3 == "main" { print $1; exit }')}
[[ -n $mirror ]] || fail "This machine's apt knows no bookworm main: run apt-get update, or name a mirror with MIRROR."

tmp=$out/tmp
rm -rf "$tmp"
mkdir -p "$tmp"/{apt/lists/partial,apt/cache/archives/partial,debs}
trap 'rm -rf "$tmp"' EXIT

# ---- kernel, headers and source, all of one version ------------------------------------------------------------------------
# From one suite: the security suite's kernel is newer than the main suite's headers, and then no module fits.

printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s bookworm main\n' "$mirror" > "$tmp/apt/sources.list"
apt=(-o Dir::Etc::SourceList="$tmp/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$tmp/apt/lists"
  -o Dir::Cache="$tmp/apt/cache" -o APT::Architecture=amd64 -o APT::Architectures::=amd64 -o APT::Architectures::="$architecture"
  -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any -qq)
apt-get "${apt[@]}" update || fail "The package mirror $mirror cannot be read."
image=$(apt-cache "${apt[@]}" depends "linux-image-$architecture:$architecture" |
  sed -n 's/^ *Depends: \(linux-image-[0-9][^:]*\).*/\1/p' | head -n 1)
[[ -n $image ]] || fail "The mirror has no kernel behind linux-image-$architecture."
kernel=${image#linux-image-}
version_of() { apt-cache "${apt[@]}" show "$1" | sed -n 's/^Version: //p' | head -n 1; }
headers=linux-headers-$kernel:$architecture
headers_version=$(version_of "$headers")
# kbuild's programs run here, whatever they compile for.
(cd "$tmp/debs" && apt-get "${apt[@]}" download "$image:$architecture=$(version_of "$image:$architecture")" "$headers=$headers_version" \
  "linux-headers-${kernel%-"$architecture"}-common=$headers_version" "linux-kbuild-6.1:amd64=$headers_version" "linux-source-6.1=$headers_version" \
  v4l2loopback-dkms)
# Unpacked only: installing a kernel would make an initramfs, for minutes.
for deb in "$tmp"/debs/*.deb; do dpkg -x "$deb" "$tmp/kernel"; done
cp "$tmp/kernel/boot/vmlinuz-$kernel" "$out/vmlinuz"

# ---- modules that Debian does not build ------------------------------------------------------------------------------------

sources=$tmp/kernel/usr/src modules=$tmp/modules unpacked=$tmp/linux-source-6.1
mkdir "$modules"
cp "$MACHINE"/modules/* "$modules/"
tar -C "$tmp" -xJf "$sources/linux-source-6.1.tar.xz" --occurrence=1 \
  linux-source-6.1/{drivers/gpio/gpio-sim.c,drivers/gpio/gpiolib.h,kernel/irq/irq_sim.c}
cp "$unpacked/drivers/gpio/gpio-sim.c" "$modules/gpio-sim-main.c"
cp "$unpacked/drivers/gpio/gpiolib.h" "$modules/"
# irq_to_desc is not exported to modules; generic_handle_irq does the same here.
sed 's/handle_simple_irq(irq_to_desc(irqnum));/generic_handle_irq(irqnum);/' "$unpacked/kernel/irq/irq_sim.c" > "$modules/irq_sim.c"
grep -q 'generic_handle_irq(irqnum)' "$modules/irq_sim.c" || fail "irq_sim.c of this kernel is another: look at the replacement above."
cp "$sources"/v4l2loopback-*/*.[ch] "$modules/"
sed -i "s#/usr/src/#$sources/#" "$sources/linux-headers-$kernel/Makefile"
make -C "$sources/linux-headers-$kernel" M="$modules" ARCH="$kernel_folder" CROSS_COMPILE="$cross" modules > "$out/modules.log" 2>&1 ||
  { tail -n 20 "$out/modules.log" >&2; fail "The kernel modules do not build."; }
if grep 'undefined!' "$out/modules.log" >&2; then fail "The kernel does not export what its modules need."; fi
"${cross}strip" --strip-debug "$modules"/{gpio-sim,v4l2loopback,fake-thermal}.ko

# ---- root filesystem ---------------------------------------------------------------------------------------------------------

tree=$tmp/tree
# What runs programs of the new tree. mmdebstrap's own check for qemu needs another package, and foreign.sh says what is wrong.
foreign=()
[[ $architecture == amd64 ]] || foreign=("$MACHINE/foreign.sh")
"${foreign[@]}" mmdebstrap --quiet --variant=minbase --arch="$architecture" --skip=check/qemu \
  --include="systemd,systemd-sysv,udev,kmod,dbus,procps,v4l-utils,gpiod,curl,libssl3,libturbojpeg0,libjpeg-turbo-progs" \
  --include="mosquitto,mosquitto-clients${EXTRA_PACKAGES:+,$EXTRA_PACKAGES}" \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/resnetedge*' \
  bookworm "$tree" "$mirror" || fail "mmdebstrap could not make the root filesystem."
target=$tree/usr/lib/modules/$kernel
mkdir -p "$target/extra"
# What a test may load, with what that needs; everything would be 400 MB.
(
  cd "$tmp/kernel/lib/modules/$kernel"
  cp modules.builtin modules.builtin.modinfo modules.order "$target/"
  cp --parents -r kernel/drivers/{virtio,block/virtio_blk.ko,char/virtio_console.ko,block/loop.ko,media,watchdog,thermal,input,gpio,i2c,video} \
    kernel/fs/{ext4,jbd2,9p,netfs,fscache,configfs,fuse,overlayfs,autofs,mbcache.ko} kernel/net/9p \
    kernel/lib kernel/crypto "kernel/arch/$kernel_folder/crypto" kernel/sound/core "$target/"
)
cp "$modules"/{gpio-sim,v4l2loopback,fake-thermal}.ko "$target/extra/"
depmod -b "$tree" "$kernel"

cp -a "$MACHINE/overlay/." "$tree/"
chown -R 0:0 "$tree"/etc/systemd/system/{host.mount,bench.service} "$tree/usr/local/sbin"
mkdir -p "$tree/host" "$tree/etc/systemd/journald.conf.d"
echo device > "$tree/etc/hostname"
: > "$tree/etc/fstab"
: > "$tree/etc/machine-id"
printf '127.0.0.1 localhost device\n' > "$tree/etc/hosts"
printf '%s\n' 9pnet_virtio 9p configfs > "$tree/etc/modules-load.d/bench.conf"
# The bench counts what is in the journal: nothing of it may be dropped.
printf '[Journal]\nStorage=volatile\nForwardToConsole=no\nRateLimitIntervalSec=0\n' > "$tree/etc/systemd/journald.conf.d/bench.conf"
"${foreign[@]}" chroot "$tree" passwd -d root > /dev/null
systemctl --root="$tree" enable -q bench.service host.mount
systemctl --root="$tree" mask -q apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
  fstrim.timer systemd-timesyncd.service getty@tty1.service
# It has a script for System V's init too, which the tree's own update-rc.d switches off.
"${foreign[@]}" systemctl --root="$tree" disable -q mosquitto.service
systemctl --root="$tree" set-default -q graphical.target
rm -rf "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/*

# ---- initramfs and disk ------------------------------------------------------------------------------------------------------

early=$tmp/early
mkdir -p "$early"/{dev,new,m}
: > "$early/modules.list"
"${cross}gcc" -O2 -Wall -Wextra -static -o "$early/init" "$MACHINE/early-init.c"
add_module() {
  local kind path
  modprobe -S "$kernel" -d "$tree" --show-depends "$1" > "$tmp/depends" || fail "The kernel has no module $1."
  while read -r kind path _; do
    [[ $kind == insmod && ! -e $early/m/${path##*/} ]] || continue
    cp "$path" "$early/m/"
    printf '/m/%s\n' "${path##*/}" >> "$early/modules.list"
  done < "$tmp/depends"
}
for module in virtio_pci virtio_blk crc32c_generic ext4; do add_module $module; done
(cd "$early" && find . | cpio --quiet -o -H newc) > "$out/initrd.img"
mebibytes=$(du -sm "$tree" | cut -f 1)
rm -f "$out/disk.img"
mke2fs -q -t ext4 -O ^has_journal,^metadata_csum -L device -m 0 -d "$tree" "$out/disk.img" "$((mebibytes * 115 / 100 + 128))M"
printf 'Debian 12 for %s, kernel %s, %s MiB\n' "$architecture" "$kernel" "$mebibytes" | tee "$out/info"
