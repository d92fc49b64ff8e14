#!/bin/bash
# Gives a root filesystem this machine's way to the network and to the package feeds: names, certificates, NuGet's configuration.
# (apt's is in the base already; the environment is carried by enter.sh.)
#
#   carry-settings.sh ROOT
set -euo pipefail
root=${1:?usage: carry-settings.sh ROOT}

# carry FILE [FOLDER]: to the same place, or into another folder, of the root filesystem; the file itself where it is a link.
carry() {
  local folder=$root/${2:-$(dirname "$1")}
  mkdir -p "$folder"
  cp -L "$1" "$folder/"
}

for file in /etc/resolv.conf /etc/hosts ${SSL_CERT_FILE:+"$SSL_CERT_FILE"}; do
  [[ ! -f $file ]] || carry "$file"
done

# The bundle may hold more than what update-ca-certificates would put there.
mkdir -p "$root/usr/local/share/ca-certificates"
cp -rL /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
chroot "$root" update-ca-certificates > /dev/null 2>&1
carry /etc/ssl/certs/ca-certificates.crt

# Those of the machine stay where they are; the user's go to every user's home, because NuGet looks there.
dotnet nuget config paths --working-directory / | while read -r file; do
  case $file in
    "$HOME"/*) carry "$file" "root/.nuget/NuGet"; carry "$file" etc/skel/.nuget/NuGet ;;
    *) carry "$file" ;;
  esac
done
