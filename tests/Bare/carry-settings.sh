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

# What a package's trigger would make of them, and what is there now: the bundle may hold more.
IFS=: read -ra named <<< "${SSL_CERT_DIR:-}"
for folder in /usr/local/share/ca-certificates /etc/ssl/certs "${named[@]}"; do
  [[ -d $folder ]] || continue
  mkdir -p "$root/$folder"
  cp -a "$folder/." "$root/$folder/"
done

# Those of the machine stay where they are; the user's go to the home of every user there.
dotnet nuget config paths --working-directory / | while read -r file; do
  if [[ $file == "$HOME"/* ]]; then
    place=$(dirname "${file#"$HOME"/}")
    carry "$file" "root/$place"
    carry "$file" "etc/skel/$place"
  else
    carry "$file"
  fi
done
