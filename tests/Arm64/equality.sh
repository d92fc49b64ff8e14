# int8 results are the same on Arm64 as on x86-64, to the last bit: every output file of the published programs. Sourced by run.sh.
# shellcheck shell=bash

# Real networks and pictures, never part of this repository; see tests/Data/SharedData.cs.
readonly DATA=${RESNETEDGE_TEST_DATA:-../shared/data}
# The two tiers of Arm; the A53's is the A72's.
readonly COMPARED=(cortex-a72 cortex-a76)
readonly MADE_INPUTS=20 EQUALITY_OPTIONS=(--engine fused --threads 1 --top 1 --json)

equality() {
  compared "demo network" "$PACKAGE" "$PICTURES"/*/*.png
  made_networks
  real_networks
}

# compared WHAT MODEL INPUT...: on x86-64 and on every processor; each file of outputs is compared byte for byte.
compared() {
  local what=$1 folder=$OUT/equality; shift
  rm -rf "$folder" && mkdir -p "$folder"
  "$HOST_DIST/resnetedge" run "$@" "${EQUALITY_OPTIONS[@]}" --output-npy "$folder/x86-64" > "$folder/x86-64.jsonl"
  on_each "${COMPARED[@]}" -- compared_on "$what" "$@"
}

# compared_on WHAT MODEL INPUT... PROCESSOR
compared_on() {
  local what=$1 cpu=${*: -1} folder=$OUT/equality start=$SECONDS items results
  emulated "$cpu" "$DIST/resnetedge" run "${@:2:$#-2}" "${EQUALITY_OPTIONS[@]}" --output-npy "$folder/$cpu" > "$folder/$cpu.jsonl"
  items=$(wc -l < "$folder/x86-64.jsonl") results=$(wc -l < "$folder/$cpu.jsonl")
  [[ $results == "$items" && $items -gt 0 ]] || fail 1 "$what: $items results on x86-64, $results on the $cpu."
  diff -r "$folder/x86-64" "$folder/$cpu" >&2 || fail 1 "$what: the outputs on the $cpu are not those of x86-64; both are in $folder."
  row "$cpu" "same bits as x86-64: $what" "$items equal" $((SECONDS - start))
}

# made_networks: CIFAR ResNets with seeded weights, and made inputs.
made_networks() {
  local network
  make_networks
  made_inputs "$MADE_INPUTS" > "$OUT/made.npy"
  for network in cifar_resnet20 cifar_resnet56; do
    compared "$network, seeded" "$OUT/models/$network-int8.onnx" "$OUT/made.npy"
  done
}

# make_networks: into $OUT/models.
make_networks() {
  local models=$OUT/models
  if [[ ! -f $models/cifar_resnet56-int8.onnx ]]; then
    written_models models "$models" cifar_resnet20 cifar_resnet56 > "$OUT/models.log" 2>&1 ||
      { tail -n 5 "$OUT/models.log" >&2; fail 1 "The seeded networks cannot be made; see $OUT/models.log."; }
  fi
}

# written_models VERB FOLDER NAME...: by the benchmarks, which are built first unless SOLUTION_IS_BUILT says that they are.
written_models() { dotnet run --project benchmarks -c Release ${SOLUTION_IS_BUILT:+--no-build} -- "$@"; }

# made_inputs COUNT [SHAPE]: an .npy file of that many arrays of this shape, 3,32,32 if none is given, uniform in [-2, 2).
made_inputs() {
  perl -e 'my ($n, $shape) = @ARGV; srand(2015); binmode STDOUT;
    my $header = "{\x27descr\x27: \x27<f4\x27, \x27fortran_order\x27: False, \x27shape\x27: ($n, $shape), }";
    $header .= " " x (63 - (10 + length $header) % 64) . "\n";
    print "\x93NUMPY\x01\x00", pack("v", length $header), $header;
    my $elements = $n; $elements *= $_ for split /,/, $shape;
    print pack("f<*", map { rand(4) - 2 } 1 .. $elements);' "$1" "${2:-3,32,32}"
}

# real_networks: trained CIFAR ResNets and test pictures, where they lie beside the repository.
real_networks() {
  local package=$OUT/real/package classes=$OUT/real/classes pictures=$OUT/real/pictures checkpoint name each
  if [[ ! -d $DATA/cifar-resnet || ! -f $DATA/cifar10-jpg/test-1000.tar ]]; then
    echo "skipped: the trained CIFAR networks; $DATA has no cifar-resnet and cifar10-jpg (RESNETEDGE_TEST_DATA names another folder)"
    return
  fi
  rm -rf "$OUT/real" && mkdir -p "$classes" "$pictures"
  tar xf "$DATA/cifar10-jpg/test-1000.tar" -C "$classes"
  # Ten pictures of each class. Their names are unique only within it, and outputs are named after their pictures.
  for each in "$classes"/*/000?.jpg; do name=${each#"$classes"/}; ln "$each" "$pictures/${name//\//-}"; done
  for checkpoint in "$DATA"/cifar-resnet/*.th; do
    name=$(basename "$checkpoint" .th) name=${name%-*}
    rm -rf "$package"
    "$HOST_DIST/resnetedge-export" export "$checkpoint" -o "$package" --preset cifar10 --calibration "$classes" --calibration-images 100 \
      > "$OUT/real/export.log" 2>&1 || { tail -n 5 "$OUT/real/export.log" >&2; fail 1 "$checkpoint cannot be exported."; }
    compared "$name, trained" "$package" "$pictures"
  done
}
