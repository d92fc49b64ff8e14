// Windows over each channel alone; one output element for each thread.

struct PoolArguments {
  Place input, output;
  Sizes sizes; // of the output
  s64 multipliers; // constant: [count + 1] for each number of elements that a window may be divided by
  int height, width; // of the input
  int kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padTop, padLeft;
  int fixedCount; // what every window is divided by; 0: the elements inside the picture
  int inputZero, zeroPoint, low, high;
};

KERNEL max_pool_int8(u8 *arena, const u8 *, PoolArguments p) {
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
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

KERNEL average_pool_int8(u8 *arena, const u8 *constants, PoolArguments p) {
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
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

// A NaN is taken, and stays but where a later one follows.
template <class T> DEVICE void takeLargest(u8 *arena, const PoolArguments &p) {
  typedef typename T::Stored Stored;
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  Stored largest = 0;
  int isFirst = 1;
  for (int ky = 0; ky < p.kernelHeight; ky++) {
    int y = e.y * p.strideHeight - p.padTop + ky * p.dilationHeight;
    if ((u32)y >= (u32)p.height) continue;
    for (int kx = 0; kx < p.kernelWidth; kx++) {
      int x = e.x * p.strideWidth - p.padLeft + kx * p.dilationWidth;
      if ((u32)x >= (u32)p.width) continue;
      Stored here = *(const Stored *)(arena + at(p.input, e.n, y, x, e.c, sizeof(Stored)));
      float f = T::load(here), most = T::load(largest);
      if (isFirst | (f > most) | (f != f)) largest = here;
      isFirst = 0;
    }
  }
  *(Stored *)(arena + at(p.output, e.n, e.y, e.x, e.c, sizeof(Stored))) = largest;
}

KERNEL max_pool_fp32(u8 *arena, const u8 *, PoolArguments p) { takeLargest<Float32>(arena, p); }
KERNEL max_pool_fp16(u8 *arena, const u8 *, PoolArguments p) { takeLargest<Float16>(arena, p); }

template <class T> DEVICE void average(u8 *arena, const PoolArguments &p) {
  typedef typename T::Stored Stored;
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  float total = 0;
  int count = 0;
  for (int ky = 0; ky < p.kernelHeight; ky++) {
    int y = e.y * p.strideHeight - p.padTop + ky * p.dilationHeight;
    if ((u32)y >= (u32)p.height) continue;
    for (int kx = 0; kx < p.kernelWidth; kx++) {
      int x = e.x * p.strideWidth - p.padLeft + kx * p.dilationWidth;
      if ((u32)x >= (u32)p.width) continue;
      total = sum(total, T::load(*(const Stored *)(arena + at(p.input, e.n, y, x, e.c, sizeof(Stored)))));
      count++;
    }
  }
  *(Stored *)(arena + at(p.output, e.n, e.y, e.x, e.c, sizeof(Stored))) = T::store(quotient(total, toFloat(p.fixedCount ? p.fixedCount : count)));
}

KERNEL average_pool_fp32(u8 *arena, const u8 *, PoolArguments p) { average<Float32>(arena, p); }
KERNEL average_pool_fp16(u8 *arena, const u8 *, PoolArguments p) { average<Float16>(arena, p); }
