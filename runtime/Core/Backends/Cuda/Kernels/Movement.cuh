// Steps that move elements and compute nothing; one element for each thread.

template <class T> DEVICE void move(u8 *arena, s64 to, s64 from) { *(T *)(arena + to) = *(const T *)(arena + from); }

// An element of so many bytes.
DEVICE void moveElement(u8 *arena, s64 to, s64 from, int bytes) {
  if (bytes == 1) move<u8>(arena, to, from);
  else if (bytes == 2) move<u16>(arena, to, from);
  else if (bytes == 4) move<u32>(arena, to, from);
  else move<u64>(arena, to, from);
}

// The shortcut without parameters: every stride-th pixel, the channels moved up, zero points around them.
struct SubsamplePadArguments {
  Place input, output;
  Sizes sizes; // of the output
  int strideHeight, strideWidth, padFront, inputChannels, zeroPoint, bytes;
};

KERNEL subsample_pad(u8 *arena, const u8 *, SubsamplePadArguments p) {
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  int c = e.c - p.padFront;
  s64 to = at(p.output, e.n, e.y, e.x, e.c, p.bytes);
  if ((u32)c < (u32)p.inputChannels) moveElement(arena, to, at(p.input, e.n, e.y * p.strideHeight, e.x * p.strideWidth, c, p.bytes), p.bytes);
  else if (p.bytes == 1) arena[to] = (u8)p.zeroPoint;
  else if (p.bytes == 2) *(u16 *)(arena + to) = 0;
  else *(u32 *)(arena + to) = 0;
}

struct ChannelMapArguments {
  Place input, output;
  Sizes sizes; // of the output
  s64 map; // constant: [blockHeight * blockWidth][channels]
  int blockHeight, blockWidth, bytes, unused;
};

KERNEL channel_map(u8 *arena, const u8 *constants, ChannelMapArguments p) {
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  int place = e.y % p.blockHeight * p.blockWidth + e.x % p.blockWidth;
  int c = ((const int *)(constants + p.map))[place * p.sizes.channels + e.c];
  s64 from = at(p.input, e.n, e.y / p.blockHeight, e.x / p.blockWidth, c, p.bytes);
  moveElement(arena, at(p.output, e.n, e.y, e.x, e.c, p.bytes), from, p.bytes);
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
  moveElement(arena, to, from, p.bytes);
}

struct ResizeArguments {
  Place input, output;
  Sizes sizes; // of the output
  s64 rows, columns; // constant: [places][taps] indices, then as many weights
  int rowTaps, columnTaps, isCopy, bytes;
};

// Each element is the weighted sum of its taps, rows first, in their order; or one of them.
KERNEL resize(u8 *arena, const u8 *constants, ResizeArguments p) {
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  const int *rows = (const int *)(constants + p.rows), *columns = (const int *)(constants + p.columns);
  const float *rowWeights = (const float *)(rows + p.sizes.height * p.rowTaps);
  const float *columnWeights = (const float *)(columns + p.sizes.width * p.columnTaps);
  s64 to = at(p.output, e.n, e.y, e.x, e.c, p.bytes);
  if (p.isCopy) {
    moveElement(arena, to, at(p.input, e.n, rows[e.y], columns[e.x], e.c, p.bytes), p.bytes);
    return;
  }
  float total = 0;
  for (int r = 0; r < p.rowTaps; r++)
    for (int c = 0; c < p.columnTaps; c++) {
      int row = e.y * p.rowTaps + r, column = e.x * p.columnTaps + c;
      float f = *(const float *)(arena + at(p.input, e.n, rows[row], columns[column], e.c, 4));
      f = product(product(rowWeights[row], columnWeights[column]), f);
      total = r + c == 0 ? f : sum(total, f);
    }
  *(float *)(arena + to) = total;
}
