#!/bin/sh
# Makes the compressed PTX that is checked in from the CUDA C beside it, with Debian's clang-14 alone: no CUDA toolkit. A test makes it again and
# compares the text. CLANG=path names another clang, and the text may then differ. OUT=folder writes elsewhere. PTXAS=path also assembles it for
# every processor. To read it: zcat kernels.sm_80.ptx.gz
set -eu
cd "$(dirname "$0")"
OUT=${OUT:-.}
TEXT=$(mktemp -d)
trap 'rm -r "$TEXT"' EXIT

make_ptx() { # architecture, source
  "${CLANG:-clang-14}" -x cuda --cuda-device-only --cuda-gpu-arch="$1" -nocudainc -nocudalib -std=c++17 -O3 -ffp-contract=off \
    -fno-verbose-asm -S -o "$TEXT/raw.ptx" "$2"
  sed '/^\t*\/\/ \(begin\|end\) inline asm$/d' "$TEXT/raw.ptx" > "$TEXT/$1.ptx"
  gzip -9nc "$TEXT/$1.ptx" > "$OUT/kernels.$1.ptx.gz"
}

make_ptx sm_72 Kernels.cu
make_ptx sm_80 KernelsSm80.cu
[ -n "${PTXAS:-}" ] || exit 0
for arch in sm_72 sm_75 sm_80 sm_86 sm_87 sm_89 sm_90; do echo "$arch"; "$PTXAS" -arch=$arch -v "$TEXT/sm_72.ptx" -o /dev/null; done
for arch in sm_80 sm_86 sm_87 sm_89 sm_90; do echo "$arch"; "$PTXAS" -arch=$arch -v "$TEXT/sm_80.ptx" -o /dev/null; done
