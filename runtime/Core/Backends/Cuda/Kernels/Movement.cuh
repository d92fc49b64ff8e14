// Steps that move elements and compute nothing; one element for each thread.

// The shortcut without parameters: every stride-th pixel, the channels moved up, zero points around them.
struct SubsamplePadArguments {
  Place input, output;
  Sizes sizes; // of the output
  int strideHeight, strideWidth, padFront, inputChannels, zeroPoint, unused;
};

KERNEL subsample_pad_int8(u8 *arena, const u8 *, SubsamplePadArguments p) {
  u32 i = index();
  if (i >= (u32)p.sizes.batch * p.sizes.height * p.sizes.width * p.sizes.channels) return;
  Element e = element(i, p.sizes);
  int c = e.c - p.padFront;
  u8 value = (u8)p.zeroPoint;
  if ((u32)c < (u32)p.inputChannels) value = arena[at(p.input, e.n, e.y * p.strideHeight, e.x * p.strideWidth, c, 1)];
  arena[at(p.output, e.n, e.y, e.x, e.c, 1)] = value;
}

enum { CopyDimensions = 6 };

// The same indices with strides of their own on both sides, outermost first; dimensions that are not there have one element.
struct StridedCopyArguments {
  s64 input, output;
  s64 from[CopyDimensions], to[CopyDimensions]; // bytes
  u32 size[CopyDimensions], count;
  int bytes; // of an element
};

KERNEL strided_copy(u8 *arena, const u8 *, StridedCopyArguments p) {
  u32 i = index();
  if (i >= p.count) return;
  s64 from = p.input, to = p.output;
#pragma unroll
  for (int d = CopyDimensions - 1; d >= 0; d--) {
    u32 rest = i / p.size[d], here = i - rest * p.size[d];
    from += here * p.from[d];
    to += here * p.to[d];
    i = rest;
  }
  if (p.bytes == 1) arena[to] = arena[from];
  else if (p.bytes == 2) *(unsigned short *)(arena + to) = *(const unsigned short *)(arena + from);
  else if (p.bytes == 4) *(u32 *)(arena + to) = *(const u32 *)(arena + from);
  else *(u64 *)(arena + to) = *(const u64 *)(arena + from);
}
