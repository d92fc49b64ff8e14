// Windows over each channel alone; one output element for each thread.

struct PoolInt8Arguments {
  Place input, output;
  Sizes sizes; // of the output
  s64 multipliers; // constant: [count + 1] for each number of elements that a window may be divided by
  int height, width; // of the input
  int kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padTop, padLeft;
  int fixedCount; // what every window is divided by; 0: the elements inside the picture
  int inputZero, zeroPoint, low, high;
};

KERNEL max_pool_int8(u8 *arena, const u8 *, PoolInt8Arguments p) {
  u32 i = index();
  if (i >= (u32)p.sizes.batch * p.sizes.height * p.sizes.width * p.sizes.channels) return;
  Element e = element(i, p.sizes);
  int largest = 0;
  for (int ky = 0; ky < p.kernelHeight; ky++) {
    int y = e.y * p.strideHeight - p.padTop + ky * p.dilationHeight;
    if ((u32)y >= (u32)p.height) continue;
    for (int kx = 0; kx < p.kernelWidth; kx++) {
      int x = e.x * p.strideWidth - p.padLeft + kx * p.dilationWidth;
      if ((u32)x < (u32)p.width) largest = atLeast(largest, arena[at(p.input, e.n, y, x, e.c, 1)]);
    }
  }
  arena[at(p.output, e.n, e.y, e.x, e.c, 1)] = (u8)largest;
}

KERNEL average_pool_int8(u8 *arena, const u8 *constants, PoolInt8Arguments p) {
  u32 i = index();
  if (i >= (u32)p.sizes.batch * p.sizes.height * p.sizes.width * p.sizes.channels) return;
  Element e = element(i, p.sizes);
  int total = 0, count = 0;
  for (int ky = 0; ky < p.kernelHeight; ky++) {
    int y = e.y * p.strideHeight - p.padTop + ky * p.dilationHeight;
    if ((u32)y >= (u32)p.height) continue;
    for (int kx = 0; kx < p.kernelWidth; kx++) {
      int x = e.x * p.strideWidth - p.padLeft + kx * p.dilationWidth;
      if ((u32)x >= (u32)p.width) continue;
      total += (int)arena[at(p.input, e.n, y, x, e.c, 1)] - p.inputZero;
      count++;
    }
  }
  const float *multipliers = (const float *)(constants + p.multipliers);
  float f = product(toFloat(total), multipliers[p.fixedCount ? p.fixedCount : count]);
  arena[at(p.output, e.n, e.y, e.x, e.c, 1)] = requantized(f, p.zeroPoint, p.low, p.high);
}
