# The kernels' unit tests, published as a Native AOT program (Bench) and emulated. Sourced by run.sh.
# shellcheck shell=bash

# publish_bench SOURCES FOLDER [OPTION...]: the bench of these sources as FOLDER/bench/ResNetEdge.Arm64Bench.
publish_bench() {
  mkdir -p "$2"
  dotnet publish "$1/tests/Arm64/Bench" -p:PublishProfile=linux-arm64 -o "$2/bench" "${@:3}" > "$2/publish.log" 2>&1 && return
  tail -n 20 "$2/publish.log" >&2
  fail 1 "The bench cannot be published for Arm64; all of the output is in $2/publish.log."
}

kernels() {
  local bench=$OUT/bench/ResNetEdge.Arm64Bench
  publish_bench . "$OUT"
  on_each "${PROCESSORS[@]}" -- unit_tests "$bench"
  refuted "one byte of a result changed" 1 "FlawedConvInt8 differs at byte" emulated cortex-a76 "$bench" --mistake
  # The tier neondot really is sdot: a processor without it, of which .NET is told that it has it, dies of it.
  aarch64-linux-gnu-gcc -Wall -Wextra -Werror -O1 -shared -fPIC tests/Arm64/pretend-dotprod.c -o "$OUT/pretend-dotprod.so"
  refuted "sdot on a processor without it" 132 "signal 4" emulated cortex-a72 -E LD_PRELOAD="$OUT/pretend-dotprod.so" "$bench"
}

# unit_tests BENCH PROCESSOR
unit_tests() {
  local bench=$1 cpu=$2 log=$OUT/kernels.$2.txt start=$SECONDS tiers="neon scalar"
  [[ ${TIER[$cpu]} != neonhalf ]] || tiers="neonhalf neondot $tiers"
  emulated "$cpu" "$bench" > "$log" || { grep -A 5 '^failed' "$log" >&2; fail 1 "Tests of the kernels failed on the $cpu; see $log."; }
  grep -qx "tiers $tiers" "$log" || fail 1 "The $cpu has the tiers '$tiers', and the program sees: $(head -n 1 "$log")."
  row "$cpu" "unit tests of the kernels" "$(tail -n 1 "$log")" $((SECONDS - start))
}

# mistaken WHAT FILE SED PATTERN: the sources, copied, with one file changed; the bench built from them must fail.
mistaken() {
  local what=$1 file=$2 change=$3 pattern=$4 copy=$OUT/mistaken
  rm -rf "$copy/sources" && mkdir -p "$copy/sources"
  git ls-files -z --cached --others --exclude-standard \
    device runtime exporter benchmarks/Models tests publish-profiles .editorconfig 'Directory.*' global.json |
    grep -zv '^exporter/Demo/' | xargs -0 cp --parents -t "$copy/sources"
  sed -i "$change" "$copy/sources/$file"
  ! cmp -s "$file" "$copy/sources/$file" || fail 1 "The mistake '$what' changes nothing in $file any more."
  # Analysed they are where they are right.
  publish_bench "$copy/sources" "$copy" -p:RunAnalyzers=false
  refuted "$what" 1 "$pattern" emulated cortex-a76 "$copy/bench/ResNetEdge.Arm64Bench"
}

mistakes() {
  local kernels=runtime/Core/Backends/Cpu
  mistaken "two products in 16 bits although both weights are -128" $kernels/Conv/Int8/ConvInt8AdvSimd.cs \
    's/int whole = pairs ? halves/int whole = true ? halves/' "^failed .*ConvInt8AdvSimd differs"
  mistaken "a residual added with two roundings" $kernels/Epilogues/BytesAdvSimd.cs \
    's/AdvSimd.FusedMultiplyAdd(\(f[0-3]\), \(.*\), scale);/\1 + \2 * scale;/' "^failed .*A_residual_is_added_with_one_rounding"
  mistaken "sums beyond what the transforms leave exact" $kernels/Conv/WinogradInt8/WinogradInt8Bounds.cs \
    's/IsBelow(p, n, Limit)/IsBelow(p, n, Limit + 1)/' "^failed .*A_sum_at_the_bound_is_exact"
  mistaken "sums that do not fit into a float's fraction" $kernels/Conv/Int8/SumRange.cs \
    's/SumLimit = 1 << 22/SumLimit = 1 << 23/' "^failed .*Sums_at_the_end_of_a_float_s_fraction"
  mistaken "a NaN kept by the clamp" $kernels/Epilogues/LanesFp32AdvSimd.cs \
    's/AdvSimd.BitwiseSelect(AdvSimd.CompareGreaterThan(f, low), f, low)/AdvSimd.Max(f, low)/' "^failed .*AdvSimd differs"
  mistaken "a quarter of a table looked up twice" $kernels/Unary/UnaryInt8AdvSimd.cs \
    's/(y, fourth, index - next)/(y, third, index - next)/' "^failed .*UnaryTests.*UnaryInt8AdvSimd"
  mistaken "a channel multiplied twice in Winograd's products" $kernels/Conv/Winograd/ProductAdvSimd.cs \
    's/Row(v2, 3, b0/Row(v2, 2, b0/' "^failed .*ConvFp32WinogradAdvSimd"
  mistaken "the taps of even and odd pixels exchanged" $kernels/Conv/WinogradRows/RowsWeights.cs \
    's/(even\[p\], odd\[p\])/(odd[p], even[p])/' "^failed .*ConvFp32WinogradRowsEmitted"
  mistaken "pairs by machine code although both weights are -128" $kernels/Conv/Int8/ConvInt8AdvSimdEmitted.cs \
    's/if (!p.PairsFit)/if (p.Depth < 0)/' "^failed .*ConvInt8AdvSimdEmitted differs"
  mistaken "four products in 16 bits whose sum does not fit" $kernels/Conv/Int8/FoursInt8.cs \
    's/var two = Vector128.AddSaturate(first, second)/var two = Vector128.Max(first, second)/' \
    "^failed .*FoursInt8Tests.*ConvInt8AdvSimdEmitted"
  mistaken "a residual of the wrong rows behind the whole tiles" $kernels/Conv/Fp32/ConvFp32Gathered.cs \
    's/args.Residual + done \* residual.PixelStride/args.Residual/' "^failed .*ConvFp32Gathered"
  mistaken "a pixel in half precision gathered twice" $kernels/Conv/Fp16/HalfTiles.cs \
    's/v6.Store(to + 6/v5.Store(to + 6/' "^failed .*Whole_numbers_come_out_exactly.*ConvFp16NeonHalf"
  mistaken "a depthwise tap of the neighbouring pixel" $kernels/Conv/Depthwise/DepthwiseTapsAdvSimd.cs \
    's/w3, v3, ref a3, ref b3/w3, v3, ref a2, ref b2/' "^failed .*ConvFp32DepthwiseSquareAdvSimd"
}
