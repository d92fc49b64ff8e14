#!/bin/bash
# Static estimates, not measurements: cycles of each Arm64 kernel's inner loop by the processor models of llvm-mca, from the machine code
# that run.sh built or that runtime/KernelGenerator wrote. Every load is a hit, nothing waits for memory, and a processor without a model of its
# own takes a relative's:
#
#   Cortex-A53, Cortex-A55   in order, models of their own (the A55's are known to disagree between LLVM versions)
#   Cortex-A72               the Cortex-A57's
#   Cortex-A76, Cortex-A78AE the Neoverse N1's, which is the A76's server sibling; the A78AE has the same two vector pipes
#
#   estimate.sh [--append]   prints one JSON line a kernel and processor; --append adds them to benchmarks/results/arm64-estimates.jsonl
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly LOG=benchmarks/results/arm64-estimates.jsonl TURNS=200
# What the compiler wrote for run.sh's bench; the published program has no symbols.
readonly OBJECT=tests/Arm64/Bench/obj/Release/net10.0/linux-arm64/native/ResNetEdge.Arm64Bench.o
[[ -f $OBJECT ]] || { echo "tests/Arm64/estimate.sh: $OBJECT is missing: run tests/Arm64/run.sh first" >&2; exit 5; }
readonly EMITTED=runtime/Core/Backends/Cpu/Emit/KernelsArm64.g.cs
mca=$(command -v llvm-mca-19) || { echo "tests/Arm64/estimate.sh: llvm-mca-19 is missing: install llvm-19" >&2; exit 5; }
version=$("$mca" --version | sed -n 's/.*LLVM version *//p')
commit=$(git describe --always --dirty)
date=$(date -u +%Y-%m-%d)

# disassembly SYMBOL: of a function that the compiler wrote, or of one of KernelsArm64 when the symbol begins with "emitted ".
disassembly() {
  [[ $1 == emitted* ]] || { aarch64-linux-gnu-objdump -d --no-show-raw-insn --disassemble="$1" $OBJECT; return; }
  local code start end; code=$(mktemp)
  perl -ne 'print pack("Q<", hex $1) while /0x([0-9A-F]+),/g' $EMITTED > "$code"
  start=$(sed -n "s/.*const int ${1#emitted } = \\([0-9]*\\);/\\1/p" $EMITTED)
  end=$({ sed -n 's/.*const int [A-Za-z0-9]* = \([0-9]*\);/\1/p' $EMITTED; stat -c %s "$code"; } | sort -n |
    awk -v start="$start" '$1 > start { print; exit }')
  aarch64-linux-gnu-objdump -D -b binary -m aarch64 --no-show-raw-insn --start-address="$start" --stop-address="$end" "$code"
  rm "$code"
}

# loop SYMBOL INSTRUCTION NUMBER: the body of its n-th longest loop that has the instruction and no loop inside, as assembler text.
loop() {
  disassembly "$1" | awk -v instruction="$2" -v want="$3" '
    BEGIN { n = loops = kept = 0 }
    match($0, /^ *[0-9a-f]+:\t/) {
      address = $1; sub(":", "", address)
      text = substr($0, RLENGTH + 1); sub(/\/\/.*/, "", text); sub(/<.*/, "", text)
      if (text ~ /^(b|cb|tb)/) sub(/0x/, "", text) # As in an object file.
      at[address] = n; line[n++] = text
    }
    END {
      for (i = 0; i < n; i++)
        if (match(line[i], /^(b|b\.[a-z]+|cbn?z[ \t]+[wx][0-9]+,|tbn?z[ \t]+[wx][0-9]+, #[0-9]+,)[ \t]*[0-9a-f]+ *$/)) {
          count = split(line[i], word, /[ \t,]+/); target = word[count] == "" ? word[count - 1] : word[count]
          if (target in at && at[target] < i) { from[loops] = at[target]; to[loops++] = i }
        }
      for (a = 0; a < loops; a++) {
        inner = 0
        for (i = from[a]; i < to[a]; i++) if (index(line[i], instruction "\t") == 1) inner = 1
        for (b = 0; b < loops; b++) if (a != b && from[a] <= from[b] && to[b] <= to[a]) inner = 0
        if (inner) { length_of[kept] = to[a] - from[a]; first[kept] = from[a]; last[kept++] = to[a] }
      }
      for (rank = 1; rank <= want; rank++) {
        best = -1
        for (k = 0; k < kept; k++) if (!(k in taken) && (best < 0 || length_of[k] > length_of[best])) best = k
        taken[best] = 1
      }
      # A branch out of the loop keeps its place; where to is of no account, and not in a form that llvm-mca reads.
      for (i = first[best]; i < last[best]; i++) { if (line[i] ~ /^(b|cb|tb)[.a-z]*[ \t]/) sub(/[0-9a-f]+ *$/, ".", line[i]); print line[i] }
    }'
}

# estimate KERNEL SYMBOL INSTRUCTION NUMBER MACS PROCESSOR:MODEL...
estimate() {
  local kernel=$1 symbol=$2 instruction=$3 number=$4 macs=$5 body cycles spills processor; shift 5
  body=$(mktemp)
  loop "$symbol" "$instruction" "$number" > "$body"
  spills=$(grep -cE '^(st|ld)[pru]+[[:space:]]+q.*\[(sp|x29)' "$body" || true)
  for processor; do
    cycles=$("$mca" -mtriple=aarch64 -mcpu="${processor#*:}" -mattr=+dotprod,+fullfp16 -iterations=$TURNS "$body" 2> /dev/null |
      sed -n 's/^Total Cycles: *//p')
    awk -v kernel="$kernel" -v processor="${processor%:*}" -v model="${processor#*:}" -v cycles="$cycles" -v turns=$TURNS -v macs="$macs" \
      -v instructions="$(wc -l < "$body")" -v spills="$spills" -v llvm="$version" -v commit="$commit" -v date="$date" 'BEGIN {
      printf "{\"kind\":\"estimate\",\"date\":\"%s\",\"commit\":\"%s\",\"command\":\"tests/Arm64/estimate.sh\",", date, commit
      printf "\"llvm_mca\":\"%s\",", llvm
      printf "\"kernel\":\"%s\",\"processor\":\"%s\",\"model\":\"%s\",", kernel, processor, model
      printf "\"instructions_per_turn\":%d,\"vector_spills_per_turn\":%d,", instructions, spills
      printf "\"macs_per_turn\":%d,\"cycles_per_turn\":%.1f,\"macs_per_cycle\":%.1f}\n", macs, cycles / turns, macs * turns / cycles }'
  done
  rm -f "$body"
}

estimates() {
  local cpu=ResNetEdge_Runtime_ResNetEdge_Backends_Cpu_
  local int8=${cpu}Conv_Int8_
  local little=(cortex-a53:cortex-a53) dot=(cortex-a55:cortex-a55 cortex-a76:neoverse-n1 cortex-a78ae:neoverse-n1)
  local all=("${little[@]}" cortex-a72:cortex-a72 "${dot[@]}")
  estimate ConvInt8Dp "${int8}ConvInt8Dp_Product__Tiles" sdot 1 2048 "${dot[@]}"
  estimate ConvInt8DpEmitted "emitted ProductInt8Dot" sdot 1 4096 "${dot[@]}"
  estimate "ConvInt8AdvSimd, pairs" "${int8}ConvInt8AdvSimd_Product__Tiles" smull 1 512 "${all[@]}"
  estimate "ConvInt8AdvSimdEmitted, fours" "emitted ProductInt8Pairs" smull 1 512 "${all[@]}"
  estimate "ConvInt8AdvSimd, both weights are -128" "${int8}ConvInt8AdvSimd_Product__Tiles" smull 2 128 "${all[@]}"
  estimate ConvInt8WinogradAdvSimd "${cpu}Conv_WinogradInt8_WinogradInt8Product__Multiply" smlal 1 512 "${all[@]}"
  estimate ConvInt8WinogradEmitted "emitted ProductInt16" smlal 1 1024 "${all[@]}"
  estimate "ConvInt8DepthwiseAdvSimd, 3x3" "${cpu}Conv_Depthwise_DepthwiseInt8AdvSimd__Nine" smull 1 144 "${all[@]}"
  estimate ConvFp32AdvSimd "${cpu}Conv_Fp32_ConvFp32AdvSimd_Tile__Run" fmla 1 320 "${all[@]}"
  estimate "ConvFp32Gathered, ConvFp32WinogradEmitted" "emitted ProductFp32" fmla 1 1024 "${all[@]}"
  estimate ConvFp16NeonHalf "emitted HalfConv8" fmla 1 1024 "${dot[@]}"
  estimate ConvFp32WinogradAdvSimd "${cpu}Conv_Winograd_ProductAdvSimd__Run" fmla 1 512 "${all[@]}"
}

if [[ ${1:-} == --append ]]; then estimates | tee -a $LOG; else estimates; fi
