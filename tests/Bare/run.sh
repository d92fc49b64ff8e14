#!/bin/bash
# The README's two commands in a bare Debian 12, as a new user has it: git, the .NET SDK and a fresh clone of HEAD, nothing else.
#
#   run.sh               both, one after the other
#   run.sh demo|test     one of them
#
# Exit code: 0 done; 1 a command failed, and its log says why; 2 usage; 5 root or a tool is missing, named in one sentence.
# Environment: BARE_USER=NAME runs them as that unprivileged user, without sudo; BARE_PACKAGES="A B" are installed beforehand.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=publish-profiles/lib.sh
source publish-profiles/lib.sh

readonly HERE=tests/Bare BARE=build/bare
readonly BASE=$BARE/base.tar STAMP=$BARE/base.stamp ROOT=$BARE/root
readonly LAST_LINES=8

case ${1:-} in
  '') commands=(demo test) ;;
  demo | test) commands=("$1") ;;
  *) sed -n '2,/^set /p' "$0" | sed '/^set /d; s/^# \{0,1\}//' >&2; exit 2 ;;
esac
[[ $(id -u) == 0 ]] || fail "Only root can make a bare Debian: it is mounted and entered as a machine of its own."
unshare --mount true 2> /dev/null || fail "This container may not mount anything: run it on a machine, or in a container that may."
command -v mmdebstrap > /dev/null || fail "mmdebstrap is missing: install it (apt-get install mmdebstrap)."
command -v dotnet > /dev/null || fail "The .NET SDK is missing: the bare Debian borrows this machine's."

mkdir -p $BARE
exec {lock}> $BARE/lock
flock --nonblock $lock || fail "Another run is using $BARE: wait until it ends."

# make_base: the root filesystem without its clone, as a tar, so that no run can leave anything in it.
make_base() {
  local recipe
  recipe=$("$HERE/make-base.sh" recipe)
  [[ ! -f $BASE || $(cat $STAMP 2> /dev/null) != "$recipe" ]] || return 0
  say "Making a bare Debian 12 (a minute; kept in $BASE)"
  rm -f $STAMP
  logged bare-base "$HERE/make-base.sh" make $BASE
  printf '%s\n' "$recipe" > $STAMP
}

# enter [USER] -- COMMAND...: runs it inside. The kernel ends everything in there, and drops the mounts, when this script dies in whatever way.
enter() {
  setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child=KILL "$HERE/enter.sh" $ROOT "$@" < /dev/null
}

make_base
say "Unpacking it, with a fresh clone of $(git rev-parse --short HEAD)"
[[ -z $(git status --porcelain) ]] || note "What is not committed is not in that clone."
rm -rf $ROOT
mkdir $ROOT
tar -C $ROOT --numeric-owner -xpf $BASE
git clone --quiet --no-local "file://$PWD" $ROOT/srv/resnetedge
"$HERE/carry-settings.sh" $ROOT
# shellcheck disable=SC2086 # one word per package
[[ -z ${BARE_PACKAGES:-} ]] || logged bare-packages enter -- \
  sh -c 'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"' sh $BARE_PACKAGES

failed=0
for command in "${commands[@]}"; do
  say "./build.sh $command in the bare Debian"
  start=$SECONDS status=0
  logged "bare-$command" enter ${BARE_USER:+"$BARE_USER"} -- ./build.sh "$command" || status=$?
  # The last lines of one that failed are there already.
  if [[ $status == 0 ]]; then tail -n $LAST_LINES "$LOGS/bare-$command.log"; else failed=1; fi
  seconds=$((SECONDS - start))
  say "./build.sh $command ended with exit code $status after $((seconds / 60)) min $((seconds % 60)) s"
done
note "What they left is in $ROOT until the next run."
[[ $failed == 0 ]]
