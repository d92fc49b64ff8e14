#!/bin/bash
# Packs the published programs: three Debian packages and a tarball, into dist/. The same commit makes the same bytes.
#
#   package.sh deb PROFILE        dist/{resnetedge,resnetedge-service,resnetedge-export}_VERSION_ARCH.deb
#   package.sh tarball PROFILE    dist/resnetedge-VERSION-PROFILE.tar.gz and .cdx.json
#
# Each package holds its bill of materials (CycloneDX), made from what publishing resolved; the tarball's lies beside it too.
# Programs come from dist/PROFILE/; man pages and completions from this machine's programs, which run here and know the same verbs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=publish-profiles/lib.sh
source publish-profiles/lib.sh

readonly PROGRAMS=(resnetedge resnetedge-service resnetedge-export)
readonly SOURCES=publish-profiles/debian
readonly MAINTAINER='ResNetEdge maintainers <maintainers@resnetedge.example>'
HERE=dist/$(this_profile)
readonly HERE

kind=${1:?usage: package.sh deb|tarball PROFILE} profile=${2:?usage: package.sh deb|tarball PROFILE}
case $profile in
  linux-x64) architecture=amd64 ;;
  linux-arm64) architecture=arm64 ;;
  *) fail "unknown profile '$profile'" ;;
esac
for program in "${PROGRAMS[@]}"; do
  [[ -x dist/$profile/$program ]] || fail "dist/$profile/$program is not built: run ./build.sh $profile"
  [[ -x $HERE/$program ]] || fail "$HERE/$program is not built: run ./build.sh"
done

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
# The time of the commit, so that packing again gives the same file; now, where this is not a checkout.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || date +%s)}
export SOURCE_DATE_EPOCH
umask 022

# ---- what both forms hold ---------------------------------------------------------------------------------------------------

compressed() { gzip -9n > "$1"; }

# manual PROGRAM FILE: the page made from the verb table, then what is known here alone.
manual() {
  { "$HERE/$1" --manual; cat "$SOURCES/$1.1"; } | compressed "$2"
}

# documents PROGRAM FOLDER: license and notices of what is linked in.
documents() {
  local notices packages
  packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
  notices=$(find "${packages%/}"/runtime.linux-*.microsoft.dotnet.ilcompiler/ -name THIRD-PARTY-NOTICES.TXT 2> /dev/null | sort -V | tail -n 1)
  [[ -n $notices ]] || fail "The notices of .NET's parts are not in the NuGet cache (THIRD-PARTY-NOTICES.TXT of the Native AOT compiler)."
  mkdir -p "$2"
  install -m 644 "$SOURCES/copyright" "$2/copyright"
  compressed "$2/THIRD-PARTY-NOTICES.gz" < "$notices"
}

# project_of PROGRAM: its folder in the source.
project_of() {
  case $1 in
    resnetedge) echo runtime/Cli ;;
    resnetedge-service) echo runtime/Daemon ;;
    resnetedge-export) echo exporter ;;
  esac
}

# bill NAME FILE PROGRAM...: what the programs are made of.
bill() {
  local name=$1 file=$2 program words=(); shift 2
  [[ -f build/sbom/sbom.dll ]] || dotnet_logged sbom build publish-profiles/Sbom -c Release -o build/sbom
  for program; do words+=("$program" "$(project_of "$program")/obj/packages.lock.json" "dist/$profile/$program"); done
  dotnet build/sbom/sbom.dll "$name" "$version" "$profile" "$SOURCE_DATE_EPOCH" "${words[@]}" > "$file"
}

# program NAME ROOT: what either program brings along below ROOT.
program() {
  local name=$1 root=$2
  mkdir -p "$root"/usr/{bin,share/man/man1,share/bash-completion/completions,share/zsh/vendor-completions}
  install -m 755 "dist/$profile/$name" "$root/usr/bin/$name"
  manual "$name" "$root/usr/share/man/man1/$name.1.gz"
  "$HERE/$name" --completion bash > "$root/usr/share/bash-completion/completions/$name"
  "$HERE/$name" --completion zsh > "$root/usr/share/zsh/vendor-completions/_$name"
  documents "$name" "$root/usr/share/doc/$name"
  bill "$name" "$root/usr/share/doc/$name/sbom.cdx.json" "$name"
}

# service ROOT: unit, groups, udev rule, folders, examples, the configuration's manual page and schema.
service() {
  local root=$1
  mkdir -p "$root"/usr/lib/{systemd/system,sysusers.d,tmpfiles.d,udev/rules.d} \
    "$root"/usr/share/{man/man5,resnetedge,doc/resnetedge-service/examples} "$root/etc/resnetedge"
  # The example is one that this very program takes.
  "$HERE/resnetedge-service" run --service "$SOURCES/service.yaml" --check > /dev/null
  compressed "$root/usr/share/man/man5/resnetedge.yaml.5.gz" < "$SOURCES/resnetedge.yaml.5"
  install -m 644 docs/service.schema.json "$root/usr/share/resnetedge/"
  install -m 644 "$SOURCES/resnetedge.service" "$root/usr/lib/systemd/system/"
  install -m 644 "$SOURCES/resnetedge.sysusers" "$root/usr/lib/sysusers.d/resnetedge.conf"
  install -m 644 "$SOURCES/resnetedge.tmpfiles" "$root/usr/lib/tmpfiles.d/resnetedge.conf"
  install -m 644 "$SOURCES/resnetedge.udev" "$root/usr/lib/udev/rules.d/60-resnetedge-gpio.rules"
  install -m 644 "$SOURCES/service.yaml" "$SOURCES"/examples/* "$root/usr/share/doc/resnetedge-service/examples/"
}

# same_times ROOT: every file as old as the commit.
same_times() { find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +; }

# ---- .deb --------------------------------------------------------------------------------------------------------------------

# glibc_needed BINARY: the newest version of glibc's symbols that it links.
glibc_needed() { objdump -T "$1" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1 | cut -d _ -f 2; }

# control NAME ROOT DEPENDS RECOMMENDS DESCRIPTION [SUGGESTS]: the control folder, but for the maintainer's scripts.
control() {
  local name=$1 root=$2 size
  mkdir -p "$root/DEBIAN"
  printf '%s (%s) unstable; urgency=medium\n\n  * What changed for users is in CHANGELOG.md.gz beside this file.\n\n -- %s  %s\n' \
    "$name" "$version" "$MAINTAINER" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")" | compressed "$root/usr/share/doc/$name/changelog.gz"
  compressed "$root/usr/share/doc/$name/CHANGELOG.md.gz" < CHANGELOG.md
  if [[ -f $SOURCES/$name.lintian-overrides ]]; then
    install -D -m 644 "$SOURCES/$name.lintian-overrides" "$root/usr/share/lintian/overrides/$name"
  fi
  size=$(du -k -s --apparent-size --exclude=DEBIAN "$root" | cut -f 1)
  cat > "$root/DEBIAN/control" <<END
Package: $name
Version: $version
Architecture: $architecture
Maintainer: $MAINTAINER
Installed-Size: $size
Section: science
Priority: optional
Depends: libc6 (>= $(glibc_needed "$root/usr/bin/$name")), $3
Recommends: $4
${6:+Suggests: $6
}Description: $5
END
  (cd "$root" && find . -type f -not -path './DEBIAN/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
}

# packed NAME ROOT
packed() {
  local file=dist/$1_${version}_$architecture.deb
  same_times "$2"
  dpkg-deb --root-owner-group -Zxz --build "$2" "$file" > /dev/null
  printf '    %s  %s bytes\n' "$file" "$(stat -c %s "$file")"
}

deb() {
  local root name
  command -v dpkg-deb > /dev/null || fail "dpkg-deb is missing: Debian packages are made on Debian."
  rm -rf "build/package/$profile" build/sbom

  # .NET loads libssl at run time, for hashes, signatures and TLS; TurboJPEG is loaded when a picture or a camera is JPEG.
  name=resnetedge root=build/package/$profile/resnetedge
  program $name "$root"
  control $name "$root" 'libssl3t64 | libssl3' 'libturbojpeg0' \
'runner for residual networks on small machines
 ResNetEdge runs residual networks (ResNet and related ones) quantised to int8
 on small machines. This package contains the program resnetedge with its own
 inference engine: it runs packages and ONNX files on pictures, arrays and
 V4L2 cameras, measures and verifies them, and reports what the machine
 supports.'
  packed $name "$root"

  name=resnetedge-service root=build/package/$profile/resnetedge-service
  program $name "$root"
  service "$root"
  control $name "$root" 'libssl3t64 | libssl3, systemd | systemd-standalone-sysusers | systemd-sysusers' 'libturbojpeg0, resnetedge' \
'camera service for residual networks on small machines
 ResNetEdge runs residual networks (ResNet and related ones) quantised to int8
 on small machines: camera in, decision out. This package contains the systemd
 service that takes frames from a local or network camera and drives GPIO
 lines, MQTT, webhooks and files by rules, with metrics and a live page.
 .
 The service starts when /etc/resnetedge/service.yaml exists.' \
    'gstreamer1.0-plugins-good, gstreamer1.0-plugins-bad, gstreamer1.0-libav'
  install -m 755 $SOURCES/resnetedge-service.postinst "$root/DEBIAN/postinst"
  install -m 755 $SOURCES/resnetedge-service.prerm "$root/DEBIAN/prerm"
  install -m 755 $SOURCES/resnetedge-service.postrm "$root/DEBIAN/postrm"
  packed $name "$root"

  name=resnetedge-export root=build/package/$profile/resnetedge-export
  program $name "$root"
  control $name "$root" 'libssl3t64 | libssl3' 'libturbojpeg0, resnetedge' \
'makes packages for resnetedge from trained networks
 ResNetEdge runs residual networks quantised to int8 on small machines. This
 package contains the tool for the workstation: it reads PyTorch, safetensors,
 ONNX, TensorFlow Lite and Keras files, quantises and measures them, and
 writes the package that a device runs.'
  packed $name "$root"
}

# ---- tarball -------------------------------------------------------------------------------------------------------------------

tarball() {
  local name=resnetedge-$version-$profile file root
  file=dist/$name.tar.gz root=build/package/tarball/$name
  rm -rf "$root" build/sbom
  for program in "${PROGRAMS[@]}"; do program "$program" "$root"; done
  service "$root"
  # Unpacked by hand there is no package manager's folder for these.
  install -m 644 CHANGELOG.md LICENSE SECURITY.md docs/install.md "$root/"
  bill resnetedge "dist/$name.cdx.json" "${PROGRAMS[@]}"
  same_times "$root"
  tar --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -C "${root%/*}" -c "$name" | gzip -9n > "$file"
  printf '    %s  %s bytes\n' "$file" "$(stat -c %s "$file")"
  printf '    %s  %s bytes\n' "dist/$name.cdx.json" "$(stat -c %s "dist/$name.cdx.json")"
}

case $kind in
  deb) deb ;;
  tarball) tarball ;;
  *) fail "unknown kind '$kind': use deb or tarball" ;;
esac
