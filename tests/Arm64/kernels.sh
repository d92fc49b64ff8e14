# The kernels' unit tests, published as a Native AOT program (Bench) and emulated. Sourced by run.sh.
# shellcheck shell=bash

# publish_bench SOURCES FOLDER: the bench of these sources as FOLDER/bench/ResNetEdge.Arm64Bench.
publish_bench() {
  mkdir -p "$2"
  dotnet publish "$1/tests/Arm64/Bench" -p:PublishProfile=linux-arm64 --artifacts-path "$2/artifacts" -o "$2/bench" > "$2/publish.log" 2>&1 && return
  tail -n 20 "$2/publish.log" >&2
  fail 1 "The bench cannot be published for Arm64; all of the output is in $2/publish.log."
}

# refuted WHAT STATUS PATTERN COMMAND...: a deliberate mistake, which must end in that way.
refuted() {
  local what=$1 expected=$2 pattern=$3 status=0; shift 3
  "$@" > "$OUT/mistake.txt" 2>&1 || status=$?
  if [[ $status != "$expected" ]] || ! grep -q "$pattern" "$OUT/mistake.txt"; then
    tail -n 5 "$OUT/mistake.txt" >&2
    fail 1 "This mistake was not caught: $what (exit $status; expected: exit $expected with '$pattern')."
  fi
  ok "caught: $what"
}

kernels() {
  local bench=$OUT/bench/ResNetEdge.Arm64Bench log cpu tiers start
  publish_bench . "$OUT"
  for cpu in "${PROCESSORS[@]}"; do
    log=$OUT/kernels.$cpu.txt start=$SECONDS
    become "$cpu"
    emulated "$cpu" "$bench" > "$log" || { grep '^failed' -A 10 "$log" >&2; fail 1 "Tests of the kernels failed on the $cpu; see $log."; }
    tiers="neon scalar"
    [[ ${TIER[$cpu]} == neon ]] || tiers="${TIER[$cpu]} $tiers"
    grep -q "^tiers $tiers\$" "$log" || fail 1 "The $cpu has the tiers '$tiers', and the program sees '$(grep '^tiers' "$log")'."
    row "$cpu" "${TIER[$cpu]}" "unit tests of the kernels" "$(tail -n 1 "$log")" $((SECONDS - start))
  done
  refuted "one byte of a result changed" 1 "FlawedConvInt8 differs at byte" emulated cortex-a76 "$bench" --mistake
  # The tier neondot really is sdot: a processor without it, on which .NET is told that it has it, dies of it.
  aarch64-linux-gnu-gcc -Wall -Wextra -Werror -O1 -shared -fPIC tests/Arm64/pretend-dotprod.c -o "$OUT/pretend-dotprod.so"
  refuted "sdot on a processor without it" 132 "signal 4" emulated cortex-a72 -E LD_PRELOAD="$OUT/pretend-dotprod.so" "$bench"
}

# mistaken WHAT FILE SED PATTERN: the sources, copied, with one file changed; the bench built from them must fail.
mistaken() {
  local what=$1 file=$2 change=$3 pattern=$4 copy=$OUT/mistaken
  rm -rf "$copy/sources" && mkdir -p "$copy/sources"
  git ls-files -z --cached --others --exclude-standard device runtime exporter benchmarks/Models tests publish-profiles .editorconfig 'Directory.*' global.json |
    grep -zv '^exporter/Demo/' | xargs -0 cp --parents -t "$copy/sources"
  sed -i "$change" "$copy/sources/$file"
  ! cmp -s "$file" "$copy/sources/$file" || fail 1 "The mistake '$what' changes nothing in $file any more."
  publish_bench "$copy/sources" "$copy"
  refuted "$what" 1 "$pattern" emulated cortex-a76 "$copy/bench/ResNetEdge.Arm64Bench"
}

mistakes() {
  local kernels=runtime/Core/Kernels
  become cortex-a76
  mistaken "two products in 16 bits although a weight is -128" $kernels/Conv/ConvInt8Panels.cs \
    's/!problem.Weights.Span.Contains(sbyte.MinValue)/true/' "^failed .*ConvInt8AdvSimd differs"
  mistaken "a residual added with two roundings" $kernels/Epilogues/EpilogueInt8AdvSimd.cs \
    's/AdvSimd.FusedMultiplyAdd(\(f[01]\), \(.*\), _residualScale);/\1 + \2 * _residualScale;/' "^failed .*A_residual_is_added_with_one_rounding"
  mistaken "a NaN kept by the clamp" $kernels/Epilogues/LanesFp32AdvSimd.cs \
    's/AdvSimd.BitwiseSelect(AdvSimd.CompareGreaterThan(f, low), f, low)/AdvSimd.Max(f, low)/' "^failed .*AdvSimd differs"
}
