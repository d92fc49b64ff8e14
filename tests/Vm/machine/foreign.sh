#!/bin/bash
# foreign.sh COMMAND...: runs the command while this machine runs Arm64 programs as if they were its own (qemu-user, by binfmt_misc).
# The kernel's entry is taken away afterwards; binfmt_misc is mounted for this process alone. Exit code: the command's, or 5.
set -euo pipefail

readonly FOLDER=/proc/sys/fs/binfmt_misc FORMAT=/usr/lib/binfmt.d/qemu-aarch64.conf
readonly ENTRY=resnetedge-vm-$$
fail() { printf 'foreign.sh: %s\n' "$*" >&2; exit 5; }

if [[ ${1:?usage: foreign.sh COMMAND...} != --inside ]]; then exec unshare --mount "$0" --inside "$@"; fi
shift
[[ -f $FORMAT ]] || fail "$FORMAT is missing: install qemu-user-static."
mount -t binfmt_misc binfmt_misc $FOLDER || fail "The kernel does not let this machine run programs of another (binfmt_misc cannot be mounted)."
sed "s/^:qemu-aarch64:/:$ENTRY:/" $FORMAT > $FOLDER/register || fail "The kernel does not take $FORMAT; see binfmt_misc."
trap 'echo -1 > $FOLDER/$ENTRY' EXIT
"$@"
