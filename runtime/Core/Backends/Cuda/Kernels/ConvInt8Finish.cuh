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
  float low = sum(Rounding, p.branchLow), high = sum(Rounding, p.branchHigh);
  f = p.hasBranch ? product(sum(clamped(fused(f, multiplier, Rounding), low, high), -Rounding), p.branchScale) : product(f, multiplier);
  return p.hasResidual ? fused(toFloat((int)residual - p.residualZero), p.residualScale, f) : f;
}
