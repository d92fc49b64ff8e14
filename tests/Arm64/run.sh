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
    --initassembly:System.Private.CoreLib --initassembly:System.Private.TypeLoader --initassembly:System.Private.Reflection.Execution \
    --directpinvoke:libSystem.Native --directpinvoke:libc --directpinvoke:libm \
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

# ---- runs ---------------------------------------------------------------------------------------------------------------------

# refuted WHAT STATUS PATTERN COMMAND...: a deliberate mistake, which must end in that way.
refuted() {
  local what=$1 expected=$2 pattern=$3 status=0; shift 3
  "$@" > $OUT/mistake.txt 2>&1 || status=$?
  if [[ $status != "$expected" ]] || ! grep -q "$pattern" $OUT/mistake.txt; then
    tail -n 5 $OUT/mistake.txt >&2
    fail 1 "$what was not caught: exit $status, expected $expected with '$pattern'."
  fi
  printf 'caught: %s\n' "$what"
}

checks() {
  local release=$OUT/artifacts/bin/$BENCH/release cpu
  compile $release $OUT/bench
  DOTNET_ROLL_FORWARD=Major dotnet $release/$BENCH.dll > $OUT/x64.txt
  for cpu in cortex-a76 cortex-a72; do
    printf -- '--- %s\n' $cpu
    emulated $cpu $OUT/bench | tee $OUT/$cpu.txt
    diff <(grep '^reference' $OUT/x64.txt) <(grep '^reference' $OUT/$cpu.txt) > /dev/null || fail 1 "The references give other bits on $cpu than on x64; see $OUT."
  done
  grep -q '^tiers neondot neon scalar$' $OUT/cortex-a76.txt || fail 1 "The Cortex-A76 has dot products, and the program does not see them."
  grep -q '^tiers neon scalar$' $OUT/cortex-a72.txt || fail 1 "The Cortex-A72 has no dot products, and the program believes it has."
  refuted "one byte of a result changed" 1 "FlawedConvInt8 differs at byte" emulated cortex-a76 $OUT/bench --mistake
  refuted "sdot on a processor without it (so sdot is what the tier uses)" 132 "signal 4" emulated cortex-a72 $OUT/bench --pretend-dotprod
}

# mistaken WHAT FILE SED PATTERN: the sources, copied, with one file changed; the bench built from them must fail.
mistaken() {
  local what=$1 file=$2 change=$3 pattern=$4 copy=$OUT/mistaken
  rm -rf $copy && mkdir -p $copy
  git ls-files -z --cached --others --exclude-standard device runtime exporter benchmarks/Models tests .editorconfig Directory.Build.props Directory.Packages.props global.json |
    grep -zv '^exporter/Demo/' | xargs -0 cp --parents -t $copy
  sed -i "$change" "$copy/$file"
  ! cmp -s "$file" "$copy/$file" || fail 1 "The mistake '$what' changes nothing in $file any more."
  dotnet build $copy/tests/Arm64/Bench -c Release --artifacts-path "$PWD/$copy/artifacts" > $OUT/mistaken.log 2>&1 || { tail -n 5 $OUT/mistaken.log >&2; fail 1 "The mistake '$what' does not build."; }
  compile $copy/artifacts/bin/$BENCH/release $OUT/mistaken.bench
  refuted "$what" 1 "$pattern" emulated cortex-a76 $OUT/mistaken.bench
}

mistakes() {
  local kernels=runtime/Core/Kernels
  mistaken "two products in 16 bits although a weight is -128" $kernels/Conv/ConvInt8Panels.cs 's/!problem.Weights.Span.Contains(sbyte.MinValue)/true/' "ConvInt8AdvSimd differs"
  mistaken "a residual added with two roundings" $kernels/Epilogues/EpilogueInt8AdvSimd.cs \
    's/AdvSimd.FusedMultiplyAdd(\(f[01]\), \(.*\), _residualScale);/\1 + \2 * _residualScale;/' "bench:"
  mistaken "a NaN kept by the clamp" $kernels/Epilogues/LanesFp32AdvSimd.cs 's/AdvSimd.BitwiseSelect(AdvSimd.CompareGreaterThan(f, low), f, low)/AdvSimd.Max(f, low)/' "AdvSimd differs"
}

if [[ ${1:-} == --mistakes ]]; then mistakes; else checks; fi
