// Int8 convolution on tensor cores.

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

// 64 pixels x 64 channels a block on tensor cores. One group, input channels and strides multiples of 16. Weights as multiplyTiles has them.
KERNEL conv_int8_matrix(u8 *arena, const u8 *constants, ConvInt8Arguments p) {
  static SHARED __attribute__((aligned(128))) u8 memory[Stages * 2 * Tile];
  u32 chunk = thread() & 3, row = thread() >> 2;
  int total[2][4][4] = {};
  multiplyTiles<4>(p, arena, constants, sharedAddress(memory), total);

  int *sums = (int *)memory; // so that a thread finishes 16 channels of one pixel and writes them at once
  gather(sums, total);
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
      store16(to + n, all);
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
