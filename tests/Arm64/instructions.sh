# Executed instructions of one inference, counted by qemu: exact to a thousandth, the same on every machine. Sourced by run.sh.
# shellcheck shell=bash

readonly COUNTS=benchmarks/results/arm64-instructions.jsonl
# Network and what it stands for; the first is the demo's package.
readonly COUNTED=(fashion-resnet14 cifar_resnet20-int8 cifar_resnet20-fp32 mobilenet_v3_small-int8 highway_conv-fp32 residual_gru-fp32)
# Publishing keeps the symbols beside the program.
readonly SYMBOLS=build/publish/out/linux-arm64/resnetedge/resnetedge.dbg

# instructions [--append] [NETWORK|FILE...]: counts on the tiers' processors; compares with the log, or adds to it.
instructions() {
  local append=false folder=$OUT/instructions lines=$OUT/instructions.jsonl
  if [[ ${1:-} == --append ]]; then append=true; shift; fi
  command -v qemu-aarch64 > /dev/null || fail 5 "qemu-aarch64, which loads plugins, is missing: install qemu-user."
  [[ -f $SYMBOLS ]] || fail 5 "$SYMBOLS is missing: remove build/publish/linux-arm64.stamp and run ./build.sh linux-arm64."
  mkdir -p "$folder"
  gcc -Wall -Wextra -Werror -O2 -shared -fPIC tests/Arm64/count-blocks.c -o "$folder/count-blocks.so"
  aarch64-linux-gnu-nm -n --defined-only "$SYMBOLS" > "$folder/symbols"
  counted_networks
  rm -f "$folder"/*.jsonl
  on_each "${COMPARED[@]}" -- counts "${@:-${COUNTED[@]}}"
  cat "$folder"/*.jsonl > "$lines"
  if $append; then tee -a "$COUNTS" < "$lines"; return; fi
  perl tests/Arm64/instructions.pl compare "$COUNTS" "$lines" || fail 1 "Inferences take more instructions than $COUNTS says."
  perl -pe 's/"instructions":(\d+)/sprintf "\"instructions\":%d", $1 * 0.98/e' "$lines" > "$folder/fewer"
  refuted "a rise of two percent in instructions" 1 "more than the" perl tests/Arm64/instructions.pl compare "$folder/fewer" "$lines"
}

# counted_networks: those that the other tests do not make, in $OUT/models. Without a least ratio the same layers are int8 on every machine.
counted_networks() {
  local models=$OUT/models log=$OUT/counted.log
  [[ ! -d $models/mobilenet_v3_small-int8 ]] || return 0
  { written_models families "$models" mobilenet_v3_small highway_conv residual_gru &&
    "$HOST_DIST/resnetedge-export" export "$models/mobilenet_v3_small-fp32.onnx" -o "$models/mobilenet_v3_small-int8" \
      --calibration exporter/Demo/calibration --min-sqnr 0; } > "$log" 2>&1 ||
    { tail -n 5 "$log" >&2; fail 1 "The counted networks cannot be made; see $log."; }
}

# counts NETWORK|FILE... PROCESSOR
counts() {
  local cpu=${*: -1} network start=$SECONDS
  for network in "${@:1:$#-1}"; do count_network "$network" "$cpu" >> "$OUT/instructions/$cpu.jsonl"; done
  row "$cpu" "instructions of an inference" "$(($# - 1)) networks counted" $((SECONDS - start))
}

# count_network NETWORK|FILE PROCESSOR: one line of the log.
count_network() {
  local name=$1 cpu=$2 model=$1 stem items
  if [[ ! -e $model ]]; then model=$OUT/models/$name; fi
  if [[ ! -e $model ]]; then model=$OUT/models/$name.onnx; fi
  if [[ $name == "${COUNTED[0]}" ]]; then model=$PACKAGE; fi
  stem=$OUT/instructions/$cpu.$(basename "$name")
  for items in 1 2; do
    seeded_items "$items" "$model" > "$stem.npy"
    timeout 900 qemu-aarch64 -L "$OUT/machines/$cpu" -cpu "$cpu" -plugin "$OUT/instructions/count-blocks.so,out=$stem.$items" \
      "$DIST/resnetedge" run "$model" "$stem.npy" --engine fused --threads 1 --json > "$stem.json" 2> "$stem.err" ||
      { tail -n 5 "$stem.err" >&2; fail 1 "$name does not run on the $cpu."; }
  done
  perl tests/Arm64/instructions.pl count "$OUT/instructions/symbols" "$stem.1" "$stem.2" "network=$(basename "$name" .onnx)" "processor=$cpu" \
    "date=$(date -u +%Y-%m-%d)" "commit=$(git describe --always --dirty)"
}

# seeded_items COUNT MODEL: an .npy file of that many arrays in the shape of the model's input, without its batch of 1, uniform in [-2, 2).
seeded_items() {
  local shape; shape=$("$HOST_DIST/resnetedge" inspect "$2" --json | grep -o '"inputs":\[{[^}]*' | grep -o '"shape":\[[0-9,]*' | tr -dc '0-9,')
  made_inputs "$1" "${shape#1,}"
}
