#!/bin/sh
# Makes the PTX that is checked in from the CUDA C beside it, with Debian's clang-14 alone: no CUDA toolkit. A test makes it again and compares.
# CLANG=path names another clang, and the bytes may then differ. OUT=folder writes elsewhere. PTXAS=path also assembles for every processor.
set -eu
cd "$(dirname "$0")"
OUT=${OUT:-.}
for arch in sm_72 sm_80; do
  "${CLANG:-clang-14}" -x cuda --cuda-device-only --cuda-gpu-arch=$arch -nocudainc -nocudalib -std=c++17 -O3 -ffp-contract=off \
    -fno-verbose-asm -S -o "$OUT/kernels.$arch.ptx" Kernels.cu
done
[ -n "${PTXAS:-}" ] || exit 0
for arch in sm_72 sm_75; do echo "$arch"; "$PTXAS" -arch=$arch -v "$OUT/kernels.sm_72.ptx" -o /dev/null; done
for arch in sm_80 sm_86 sm_87 sm_89 sm_90; do echo "$arch"; "$PTXAS" -arch=$arch -v "$OUT/kernels.sm_80.ptx" -o /dev/null; done
