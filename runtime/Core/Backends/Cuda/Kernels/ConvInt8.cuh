// Int8 convolution, channels innermost, with everything fused: bias, requantization, rounding of the branch, residual, clamp.

// As ConvInt8Arguments in C#. Offsets named "constant" are bytes from the step's constants, the others from the arena.
struct ConvInt8Arguments {
  Place input, output, residual;
  s64 padding;                                        // a run of the input's zero point
  s64 weights, bias, multiplier;                      // constant
  int pixels, height, width, channels;                // pixels: of the output, all pictures; the rest: of the input
  int outputHeight, outputWidth, outputChannels, kernelWidth;
  int strideHeight, strideWidth, dilationHeight, dilationWidth, padTop, padLeft;
  int hasBorder;                                      // the input lies inside a border of its zero point: no tap is outside
  int groupChannels, groupOutputs;
  int runs, runsOfRow, runBytes;                      // direct: contiguous pieces of a patch, those of a kernel row, bytes of one
  int chunks, steps;                                  // matrix: 16-byte pieces of a patch; 64-byte ones, rounded up
  int stepPiece, stepX, stepY;                        // matrix: four pieces as rows and columns of the kernel and pieces of a pixel
  int hasResidual, hasBranch, isFloat;
  int zeroPoint, low, high, residualZero;
  float residualScale, branchLow, branchHigh, branchScale, floatLow, floatHigh;
};

DEVICE float finished(const ConvInt8Arguments &p, int s, float multiplier, u32 residual) {
  const float Rounding = 12582912; // 1.5 * 2^23
  float f = toFloat(s);
  f = p.hasBranch ? product(sum(clamped(fused(f, multiplier, Rounding), sum(Rounding, p.branchLow), sum(Rounding, p.branchHigh)), -Rounding), p.branchScale)
                  : product(f, multiplier);
  return p.hasResidual ? fused(toFloat((int)residual - p.residualZero), p.residualScale, f) : f;
}

// One output element for each thread: any shape, any processor from sm_61 on. Weights [words of all runs][outputChannels] of four bytes.
KERNEL conv_int8_direct(u8 *arena, const u8 *constants, ConvInt8Arguments p) {
  u32 i = index();
  if (i >= (u32)p.pixels * p.outputChannels) return;
  int pixel = i / p.outputChannels, n = i % p.outputChannels;
  int line = pixel / p.outputWidth, x = pixel % p.outputWidth * p.strideWidth - p.padLeft;
  int y = line % p.outputHeight * p.strideHeight - p.padTop;
  s64 base = p.input.offset + line / p.outputHeight * p.input.image + n / p.groupOutputs * p.groupChannels;
  const u32 *weights = (const u32 *)(constants + p.weights) + n;
  int total = ((const int *)(constants + p.bias))[n], words = (p.runBytes + 3) >> 2;
  for (int r = 0; r < p.runs; r++) {
    int yy = y + r / p.runsOfRow * p.dilationHeight, xx = x + r % p.runsOfRow * p.dilationWidth;
    bool isInside = p.hasBorder || ((u32)yy < (u32)p.height && (u32)xx < (u32)p.width);
    s64 from = isInside ? base + (s64)yy * p.input.row + (s64)xx * p.input.pixel : p.padding;
    int missing = from & 3, end = missing + p.runBytes; // words are read where they are aligned, and shifted
    const u32 *run = (const u32 *)(arena + (from - missing));
    u32 here = run[0];
    for (int w = 0; w < words; w++, weights += p.outputChannels) {
      u32 next = 4 * (w + 1) < end ? run[w + 1] : 0, word;
      asm("shf.r.wrap.b32 %0, %1, %2, %3;" : "=r"(word) : "r"(here), "r"(next), "r"(missing * 8));
      asm("dp4a.u32.s32 %0, %1, %2, %0;" : "+r"(total) : "r"(word), "r"(*weights));
      here = next;
    }
  }

  u32 residual = p.hasResidual ? arena[p.residual.offset + (s64)pixel * p.residual.pixel + n] : 0;
  float f = finished(p, total, ((const float *)(constants + p.multiplier))[n], residual);
  u8 *to = arena + p.output.offset + (s64)pixel * p.output.pixel;
  if (p.isFloat) ((float *)to)[n] = clamped(f, p.floatLow, p.floatHigh);
  else to[n] = requantized(f, p.zeroPoint, p.low, p.high);
}

#if __CUDA_ARCH__ >= 800
enum { Rows = 64, Step = 64, Stages = 3, Tile = Rows * Step, SumStride = Rows + 4 };

DEVICE u32 sharedAddress(const void *p) { return (u32)(u64)(const __attribute__((address_space(3))) char *)p; }

DEVICE void copy16(u32 to, const void *from) {
  asm volatile("{ .reg .u64 g; cvta.to.global.u64 g, %1; cp.async.cg.shared.global [%0], [g], 16; }" ::"r"(to), "l"(from) : "memory");
}

// Eight rows of one chunk lie in eight different groups of banks.
DEVICE u32 swizzled(u32 row, u32 chunk) { return row * Step + ((chunk ^ (row >> 1 & 3)) << 4); }

DEVICE void load4(u32 (&r)[4], u32 from) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(from) : "memory");
}

DEVICE void multiply(int (&d)[4], const u32 (&a)[4], u32 b0, u32 b1) {
  asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
               : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

struct __attribute__((aligned(16))) Words {
  u32 x, y, z, w;
};

// Four channels of one pixel.
DEVICE u32 word(const ConvInt8Arguments &p, const int *sums, const int *bias, const float *multiplier, u32 residual) {
  u32 word = 0;
#pragma unroll
  for (int c = 0; c < 4; c++) {
    float f = finished(p, sums[c] + bias[c], multiplier[c], residual >> 8 * c & 255);
    word |= (u32)requantized(f, p.zeroPoint, p.low, p.high) << 8 * c;
  }
  return word;
}

// 64 pixels x 64 channels a block on tensor cores: 4 warps of 32 x 32, three stages of asynchronous copies. One group, input channels and
// strides multiples of 16. Weights [channels rounded up to 64][steps * 64], a patch in the order row, column, channel, then zeros.
// Fragments: PTX ISA, m16n8k32 and ldmatrix.
KERNEL conv_int8_matrix(u8 *arena, const u8 *constants, ConvInt8Arguments p) {
  static SHARED __attribute__((aligned(128))) u8 memory[Stages * 2 * Tile];
  u32 base = sharedAddress(memory), lane = thread() & 31, warp = thread() >> 5, chunk = thread() & 3, row = thread() >> 2;
  int deep = p.channels >> 4, tap = chunk / deep, piece = chunk % deep, ky = tap / p.kernelWidth, kx = tap % p.kernelWidth, rest = p.chunks - chunk;
  int oy[2], ox[2];
  bool isReal[2];
  s64 picture[2];
#pragma unroll
  for (int i = 0; i < 2; i++) {
    int pixel = blockX() * Rows + row + i * 32, line = pixel / p.outputWidth;
    isReal[i] = pixel < p.pixels;
    oy[i] = line % p.outputHeight * p.strideHeight - p.padTop;
    ox[i] = pixel % p.outputWidth * p.strideWidth - p.padLeft;
    picture[i] = p.input.offset + line / p.outputHeight * p.input.image;
  }
  const u8 *weights = constants + p.weights + ((u64)blockY() * Rows + row) * (p.steps * Step) + chunk * 16;

  // Without a branch: lanes that went different ways might not be together again where all are needed.
  auto fetch = [&](int stage) {
    u32 to = base + stage * 2 * Tile;
#pragma unroll
    for (int i = 0; i < 2; i++) {
      int yy = oy[i] + ky * p.dilationHeight, xx = ox[i] + kx * p.dilationWidth;
      bool isInside = isReal[i] & (rest > 0) & ((p.hasBorder != 0) | (((u32)yy < (u32)p.height) & ((u32)xx < (u32)p.width)));
      s64 place = picture[i] + (s64)yy * p.input.row + (s64)xx * p.input.pixel + piece * 16, from = chosen(isInside, place, p.padding);
      copy16(to + swizzled(row + i * 32, chunk), arena + from);
      copy16(to + Tile + swizzled(row + i * 32, chunk), weights + (u64)i * 32 * (p.steps * Step));
    }
    weights += Step;
    rest -= 4;
    piece += p.stepPiece;
    int isPast = piece >= deep;
    piece -= isPast * deep;
    kx += p.stepX + isPast;
    isPast = kx >= p.kernelWidth;
    kx -= isPast * p.kernelWidth;
    ky += p.stepY + isPast;
  };

  int total[2][4][4] = {};
  u32 m0 = (warp & 1) * 32, n0 = (warp >> 1) * 32;
  for (int s = 0; s < Stages - 1; s++) {
    if (s < p.steps) fetch(s);
    asm volatile("cp.async.commit_group;" ::: "memory");
  }
  int stage = 0, ahead = Stages - 1;
  for (int k = 0; k < p.steps; k++) {
    asm volatile("cp.async.wait_group %0;" ::"n"(Stages - 2) : "memory");
    barrier();
    if (k + Stages - 1 < p.steps) fetch(ahead);
    asm volatile("cp.async.commit_group;" ::: "memory");
    u32 a0 = base + stage * 2 * Tile, b0 = a0 + Tile;
#pragma unroll
    for (int half = 0; half < 2; half++) {
      u32 a[2][4], b[2][4];
#pragma unroll
      for (int i = 0; i < 2; i++) {
        load4(a[i], a0 + swizzled(m0 + i * 16 + (lane & 15), half * 2 + (lane >> 4)));
        load4(b[i], b0 + swizzled(n0 + i * 16 + (lane & 7) + (lane >> 4) * 8, half * 2 + (lane >> 3 & 1)));
      }
#pragma unroll
      for (int i = 0; i < 2; i++)
#pragma unroll
        for (int j = 0; j < 4; j++) multiply(total[i][j], a[i], b[j >> 1][(j & 1) * 2], b[j >> 1][(j & 1) * 2 + 1]);
    }
    stage = stage + 1 == Stages ? 0 : stage + 1;
    ahead = ahead + 1 == Stages ? 0 : ahead + 1;
  }

  // The sums go through shared memory, so that a thread finishes 16 channels of one pixel and writes them at once.
  barrier();
  int *sums = (int *)memory; // [64][SumStride]
#pragma unroll
  for (int i = 0; i < 2; i++)
#pragma unroll
    for (int j = 0; j < 4; j++)
#pragma unroll
      for (int h = 0; h < 2; h++) {
        int *to = sums + (m0 + i * 16 + h * 8 + (lane >> 2)) * SumStride + n0 + j * 8 + (lane & 3) * 2;
        to[0] = total[i][j][h * 2];
        to[1] = total[i][j][h * 2 + 1];
      }
  barrier();
#pragma unroll 1
  for (int i = 0; i < 2; i++) {
    int pixel = blockX() * Rows + row + i * 32, n = blockY() * Rows + chunk * 16;
    if (pixel >= p.pixels) continue;
    const int *from = sums + (row + i * 32) * SumStride + chunk * 16;
    const int *bias = (const int *)(constants + p.bias) + n;
    const float *multiplier = (const float *)(constants + p.multiplier) + n;
    const u8 *residual = arena + p.residual.offset + (s64)pixel * p.residual.pixel + n;
    u8 *to = arena + p.output.offset + (s64)pixel * p.output.pixel;
    int count = atMost(16, p.outputChannels - n);
    if (count == 16 && !p.isFloat && !(((u64)(to + n) | (p.hasResidual ? (u64)residual : 0)) & 15)) {
      Words old = {}, all;
      if (p.hasResidual) old = *(const Words *)residual;
      all.x = word(p, from, bias, multiplier, old.x);
      all.y = word(p, from + 4, bias + 4, multiplier + 4, old.y);
      all.z = word(p, from + 8, bias + 8, multiplier + 8, old.z);
      all.w = word(p, from + 12, bias + 12, multiplier + 12, old.w);
      *(Words *)(to + n) = all;
    } else {
#pragma unroll 1
      for (int c = 0; c < count; c++) {
        float f = finished(p, from[c] + bias[c], multiplier[c], p.hasResidual ? residual[c] : 0);
        if (p.isFloat) ((float *)to)[n + c] = clamped(f, p.floatLow, p.floatHigh);
        else to[n + c] = requantized(f, p.zeroPoint, p.low, p.high);
      }
    }
  }
}
#endif
