// Convolution of float32 and float16 on any processor.

// One output element for each thread: any shape. Weights [taps][groupChannels][outputChannels].
template <class T> DEVICE void convolveDirectly(u8 *arena, const u8 *constants, const ConvFloatArguments &p) {
  typedef typename T::Stored Stored;
  u32 i = index();
  if (i >= (u32)p.pixels * p.outputChannels) return;
  int pixel = i / p.outputChannels, n = i % p.outputChannels;
  int line = pixel / p.outputWidth, x = pixel % p.outputWidth * p.strideWidth - p.padLeft;
  int y = line % p.outputHeight * p.strideHeight - p.padTop, ky = 0, kx = 0;
  s64 group = n / p.groupOutputs * p.groupChannels * sizeof(Stored), base = p.input.offset + line / p.outputHeight * p.input.image;
  const Stored *weights = (const Stored *)(constants + p.weights);
  s64 own = n; // of the weights
  float total = 0;
  for (int tap = 0; tap < p.taps; tap++) {
    int yy = y + ky * p.dilationHeight, xx = x + kx * p.dilationWidth;
    bool isInside = p.hasBorder || ((u32)yy < (u32)p.height && (u32)xx < (u32)p.width);
    const Stored *from = (const Stored *)(arena + group + (isInside ? base + (s64)yy * p.input.row + (s64)xx * p.input.pixel : p.padding));
    for (int c = 0; c < p.groupChannels; c++, own += p.outputChannels) total = fused(T::load(from[c]), T::load(weights[own]), total);
    if (++kx == p.kernelWidth) kx = 0, ky++;
  }

  Stored residual = 0;
  if (p.hasResidual) residual = ((const Stored *)(arena + p.residual.offset + (s64)pixel * p.residual.pixel))[n];
  ((Stored *)(arena + p.output.offset + (s64)pixel * p.output.pixel))[n] =
      finished<T>(p, total, ((const float *)(constants + p.bias))[n], residual);
}

KERNEL conv_fp32_direct(u8 *arena, const u8 *constants, ConvFloatArguments p) { convolveDirectly<Float32>(arena, constants, p); }
KERNEL conv_fp16_direct(u8 *arena, const u8 *constants, ConvFloatArguments p) { convolveDirectly<Float16>(arena, constants, p); }

// 64 pixels x 64 channels a block, 8 x 4 a thread, through shared memory. One group; a pixel's channels fill 16-byte pieces at multiples of 16.
// Weights [blocks of 64 channels][steps * elements of 64 bytes][64], a patch and then zeros.
template <class T, int Depth> DEVICE void convolveTiles(u8 *arena, const u8 *constants, const ConvFloatArguments &p, float *a, float *b) {
  typedef typename T::Stored Stored;
  enum { Piece = 16 / sizeof(Stored) };
  union Pieces {
    Words words[2];
    Stored elements[2][Piece];
  } patch, weight;
  u32 chunk = thread() & 3, row = thread() >> 2, m = thread() >> 4, n = thread() & 15;
  Patches<sizeof(Stored) == 4 ? 2 : 3, ConvFloatArguments> patches(p, row, chunk);
  const Words *weights = (const Words *)(constants + p.weights + (u64)blockY() * p.steps * Depth * Rows * sizeof(Stored)) + thread();
  auto fetch = [&]() {
#pragma unroll
    for (int i = 0; i < 2; i++) {
      patch.words[i] = *(const Words *)(arena + patches.place(p, i));
      weight.words[i] = weights[i * Threads];
    }
    weights += 2 * Threads;
    patches.next(p);
  };

  float total[8][4] = {};
  fetch();
  for (int k = 0; k < p.steps; k++) {
#pragma unroll
    for (int i = 0; i < 2; i++)
#pragma unroll
      for (int j = 0; j < Piece; j++) {
        a[(chunk * Piece + j) * TileStride + row + i * 32] = T::load(patch.elements[i][j]);
        b[(i * Threads + thread()) * Piece + j] = T::load(weight.elements[i][j]);
      }
    barrier();
    if (k + 1 < p.steps) fetch();
    multiplyTile<Depth>(a, b, m, n, total);
    barrier();
  }

  int first = blockY() * Rows + n * 4, count = atMost(4, p.outputChannels - first);
  const float *bias = (const float *)(constants + p.bias) + first;
#pragma unroll 1
  for (int i = 0; i < 8; i++, rotate(total)) {
    int pixel = blockX() * Rows + m * 8 + i;
    if (pixel >= p.pixels) return;
    const Stored *residual = (const Stored *)(arena + p.residual.offset + (s64)pixel * p.residual.pixel) + first;
    Stored *to = (Stored *)(arena + p.output.offset + (s64)pixel * p.output.pixel) + first;
#pragma unroll
    for (int c = 0; c < 4; c++)
      if (c < count) to[c] = finished<T>(p, total[0][c], bias[c], p.hasResidual ? residual[c] : Stored(0));
  }
}

KERNEL conv_fp32_tile(u8 *arena, const u8 *constants, ConvFloatArguments p) {
  static SHARED __attribute__((aligned(16))) float a[16 * TileStride], b[16 * Rows];
  convolveTiles<Float32, 16>(arena, constants, p, a, b);
}

KERNEL conv_fp16_tile(u8 *arena, const u8 *constants, ConvFloatArguments p) {
  static SHARED __attribute__((aligned(16))) float a[32 * TileStride], b[32 * Rows];
  convolveTiles<Float16, 32>(arena, constants, p, a, b);
}
