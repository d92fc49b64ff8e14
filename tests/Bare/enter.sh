#!/bin/bash
# Runs a command in a root filesystem as if that were a machine of its own: its own mounts, processes and devices, and no way back to
# the host's files. run.sh starts it in new mount and process namespaces, with which all that it mounts goes away.
#
#   enter.sh ROOT [USER] -- COMMAND...      in the clone; as root, or as that user, who is made when missing
set -euo pipefail
root=${1:?usage: enter.sh ROOT [USER] -- COMMAND...} user=root
shift
if [[ $1 != -- ]]; then user=$1; shift; fi
shift
sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")

# A new user's environment, and of this machine's only what leads to the package feeds. Not where NuGet keeps its caches: they are empty.
environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
for name in $(compgen -e | grep -iE '^((https?|ftp|no|all)_proxy|SSL_CERT_(FILE|DIR)|NUGET_.*)$' |
    grep -vE '^NUGET_(PACKAGES|HTTP_CACHE_PATH|PLUGINS_CACHE_PATH|SCRATCH)$'); do
  environment+=("$name=${!name}")
done

# pivot_root wants a mount point.
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mkdir -p usr/share/dotnet
mount --bind "$sdk" usr/share/dotnet
mount -o remount,bind,ro usr/share/dotnet
ln -sf ../share/dotnet/dotnet usr/bin/dotnet
pivot_root . .
umount -l .
cd /srv/resnetedge

if [[ $user != root ]]; then
  id "$user" > /dev/null 2>&1 || useradd --create-home --shell /bin/bash "$user"
  chown -R "$user:" .
fi
environment+=(HOME="$(getent passwd "$user" | cut -d : -f 6)" USER="$user" LOGNAME="$user")
# Not by exec: this shell is process 1, which has others' orphans to wait for.
env -i "${environment[@]}" setpriv --reuid "$user" --regid "$user" --init-groups "$@"
