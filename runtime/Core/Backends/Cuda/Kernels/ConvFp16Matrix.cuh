// float16 convolution on tensor cores.

DEVICE u32 pair(const ConvFloatArguments &p, const float *sums, const float *bias, u32 residual) {
  u32 low = finished<Float16>(p, sums[0], bias[0], (u16)residual), high = finished<Float16>(p, sums[1], bias[1], (u16)(residual >> 16));
  return low | high << 16;
}

// 64 pixels x 64 channels a block on tensor cores. One group, input channels multiples of 8 at multiples of 16 bytes. Weights as multiplyTiles has
// them.
KERNEL conv_fp16_matrix(u8 *arena, const u8 *constants, ConvFloatArguments p) {
  static SHARED __attribute__((aligned(128))) u8 memory[Stages * 2 * Tile];
  u32 chunk = thread() & 3, row = thread() >> 2;
  float total[2][4][4] = {};
  multiplyTiles<3>(p, arena, constants, sharedAddress(memory), total);
  float *sums = (float *)memory;
  gather(sums, total);
#pragma unroll 1
  for (int i = 0; i < 4; i++) { // 8 channels of one pixel at a time
    int pixel = blockX() * Rows + row + (i & 1) * 32, own = chunk * 16 + (i >> 1) * 8, n = blockY() * Rows + own;
    if (pixel >= p.pixels) continue;
    const float *from = sums + (row + (i & 1) * 32) * SumStride + own, *bias = (const float *)(constants + p.bias) + n;
    const u16 *residual = (const u16 *)(arena + p.residual.offset + (s64)pixel * p.residual.pixel) + n;
    u16 *to = (u16 *)(arena + p.output.offset + (s64)pixel * p.output.pixel) + n;
    int count = atMost(8, p.outputChannels - n);
    if (count == 8 && !(((u64)to | (p.hasResidual ? (u64)residual : 0)) & 15)) {
      Words old = {}, all;
      if (p.hasResidual) old = *(const Words *)residual;
      all.x = pair(p, from, bias, old.x);
      all.y = pair(p, from + 2, bias + 2, old.y);
      all.z = pair(p, from + 4, bias + 4, old.z);
      all.w = pair(p, from + 6, bias + 6, old.w);
      store16(to, all);
    } else {
#pragma unroll 1
      for (int c = 0; c < count; c++) to[c] = finished<Float16>(p, from[c], bias[c], p.hasResidual ? residual[c] : 0);
    }
  }
}
