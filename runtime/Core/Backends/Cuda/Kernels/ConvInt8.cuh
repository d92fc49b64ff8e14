// Int8 convolution on any processor.

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
