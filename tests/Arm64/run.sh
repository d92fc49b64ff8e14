#!/bin/bash
# The kernels' unit tests and a whole network, compiled for Arm64 and run by qemu as a Cortex-A76 (dot products) and a Cortex-A72 (none).
# What it is, what it covers and what not: docs/decisions/0010-arm64-kernels.md.
#
#   run.sh               exit 0: all is well; 1: a check failed; 5: a tool is missing, named in one sentence
#   run.sh --mistakes    instead, three deliberate mistakes in the kernels, each of which must be caught
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly OUT=build/arm64 BENCH=ResNetEdge.Arm64Bench
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
fail() { printf 'tests/Arm64/run.sh: %s\n' "$2" >&2; exit "$1"; }

# ---- tools ------------------------------------------------------------------------------------------------------------------

[[ $(uname -sm) == "Linux x86_64" ]] || fail 5 "The bench compiles and emulates on x86-64 Linux; this is $(uname -sm)."
for tool in dotnet aarch64-linux-gnu-gcc qemu-aarch64-static; do
  command -v $tool > /dev/null || fail 5 "$tool is missing: install dotnet-sdk-10.0, gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user-static."
done

# built PROJECT [OPTION...]: builds it; the end of the log when that fails.
built() {
  local log; log=$OUT/$(basename "$1").log
  dotnet build "$1" -c Release --artifacts-path "$PWD/$OUT/artifacts" "${@:2}" > "$log" 2>&1 && return
  if grep -qE 'error (NU1101|NU1102|NU1301)' "$log"; then
    fail 5 "NuGet lacks what $1 needs: $(grep -oE 'error NU[0-9]+: .*' "$log" | head -n 1)"
  fi
  tail -n 20 "$log" >&2
  fail 1 "$1 does not build; see $log."
}

mkdir -p $OUT/sdk
built tests/Arm64/Patcher
built tests/Arm64/Bench
version=$(dotnet msbuild tests/Arm64/Patcher -getProperty:Arm64CompilerVersion)
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
readonly COMPILER=${packages%/}/runtime.linux-x64.microsoft.dotnet.ilcompiler/$version
[[ -x $COMPILER/tools/ilc ]] || fail 5 "The Native AOT compiler $version is not in the NuGet cache ($COMPILER)."

# The x64 core library with the Arm intrinsics switched on; see the patcher's first lines.
if [[ $(cat $OUT/sdk/version 2> /dev/null) != "$version $(cksum < tests/Arm64/Patcher/Program.cs)" ]]; then
  cp "$COMPILER"/sdk/*.dll $OUT/sdk/
  dotnet $OUT/artifacts/bin/ResNetEdge.Arm64Patcher/release/ResNetEdge.Arm64Patcher.dll "$COMPILER/sdk/System.Private.CoreLib.dll" $OUT/sdk/System.Private.CoreLib.dll
  printf '%s' "$version $(cksum < tests/Arm64/Patcher/Program.cs)" > $OUT/sdk/version
fi

# ---- C# to an Arm64 program --------------------------------------------------------------------------------------------------

# compile ASSEMBLIES PROGRAM: the bench and what it refers to, in that folder, becomes an Arm64 executable.
compile() {
  "$COMPILER/tools/ilc" "$1/$BENCH.dll" -o "$2.o" -r "$1/*.dll" -r "$OUT/sdk/*.dll" -r "$COMPILER/framework/*.dll" \
    --targetos:linux --targetarch:arm64 --instruction-set:neon --nativelib -O \
    --generateunmanagedentrypoints:$BENCH --generateunmanagedentrypoints:System.Private.CoreLib \
    --initassembly:System.Private.CoreLib --initassembly:System.Private.TypeLoader \
    --directpinvoke:libSystem.Native --directpinvoke:libc --directpinvoke:libm --reflectiondata:none \
    --feature:System.Diagnostics.Tracing.EventSource.IsSupported=false --feature:System.Globalization.Invariant=true \
    --feature:System.Resources.UseSystemResourceKeys=true --nowarn:"IL2104;IL3053" > "$2.log" 2>&1 || { tail -n 20 "$2.log" >&2; fail 1 "The compilation for Arm64 failed."; }
  mkdir -p "$2.absent"
  aarch64-linux-gnu-nm -u "$2.o" | awk '{ print $2 }' | grep -E '^(Rh|SystemNative_|CompressionNative_|EventPipe|NativeRuntimeEventSource)' |
    grep -vxFf <(grep -oE '\b(Rh|SystemNative_)\w+' tests/Arm64/runtime.c | sort -u) | sed 's/.*/ABSENT(&)/' > "$2.absent/absent.inc" || true
  aarch64-linux-gnu-gcc -O2 -Wall -Wextra -fno-builtin -fno-strict-aliasing -static -Wl,--gc-sections -I "$2.absent" \
    tests/Arm64/runtime.c "$2.o" -lm -o "$2" || fail 1 "The Arm64 program does not link."
}

# emulated PROCESSOR PROGRAM...: a program that hangs says where it was.
emulated() { timeout 600 qemu-aarch64-static -cpu "$@"; }

compile $OUT/artifacts/bin/$BENCH/release $OUT/bench
DOTNET_ROLL_FORWARD=Major dotnet $OUT/artifacts/bin/$BENCH/release/$BENCH.dll > $OUT/x64.txt
for cpu in cortex-a76 cortex-a72; do
  printf -- '--- %s\n' $cpu
  emulated $cpu $OUT/bench | tee $OUT/$cpu.txt
done
