# What differs between the devices that tests/Vm emulates, and what the host needs for each. Sourced, with -euo pipefail.
# shellcheck shell=bash disable=SC2034 # used by those who source this

# select_architecture amd64|arm64: sets
#   architecture      Debian's name for it: of the packages, of the kernel's package, of the root filesystem
#   profile           the publish profile whose packages are installed
#   emulator          QEMU's program and the machine it emulates
#   console           the kernel's serial console
#   kernel_folder     the kernel's name for it: arch/..., and ARCH of its makefiles
#   cross             prefix of the compiler and binutils
#   needs             what the host must have, each as COMMAND:PACKAGE or FILE:PACKAGE
select_architecture() {
  architecture=$1
  needs=(mmdebstrap:mmdebstrap mke2fs:e2fsprogs make:make cpio:cpio xz:xz-utils depmod:kmod)
  case $1 in
    amd64)
      profile=linux-x64 console=ttyS0 kernel_folder=x86 cross=
      emulator=(qemu-system-x86_64 -machine q35 -cpu max)
      needs+=(qemu-system-x86_64:qemu-system-x86 gcc:gcc gcc-12:gcc-12 /usr/include/stdio.h:libc6-dev)
      ;;
    arm64)
      profile=linux-arm64 console=ttyAMA0 kernel_folder=arm64 cross=aarch64-linux-gnu-
      # A Raspberry Pi 5's processor, on QEMU's own board.
      emulator=(qemu-system-aarch64 -machine virt -cpu cortex-a76)
      # Debian's kernels are compiled with gcc-12. qemu-user runs the packages' scripts while the root filesystem is made.
      needs+=(qemu-system-aarch64:qemu-system-arm qemu-aarch64-static:qemu-user-static aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu
        aarch64-linux-gnu-gcc-12:gcc-12-aarch64-linux-gnu /usr/aarch64-linux-gnu/lib/libc.a:libc6-dev-arm64-cross)
      ;;
  esac
}

# needed_packages: of the selected architecture.
needed_packages() { printf '%s\n' "${needs[@]#*:}"; }

# missing_needs: the packages whose command or file is not there, in one line.
missing_needs() {
  local each tool packages=()
  for each in "${needs[@]}"; do
    tool=${each%%:*}
    [[ $tool == /* && -e $tool ]] || command -v "$tool" > /dev/null || packages+=("${each#*:}")
  done
  printf '%s' "${packages[*]}"
}
