// Convolution of float32 and float16, channels innermost, with bias, residual and clamp. Sums are float32: one chain of fused multiply-adds in the
// order row, column, channel, but on tensor cores, which add 16 products at a time. float16 is rounded once, at the end.

// As ConvFloatArguments in C#. Offsets named "constant" are bytes from the step's constants, the others from the arena.
struct ConvFloatArguments {
  Place input, output, residual;
  s64 padding;                              // a run of zeros
  s64 weights, bias;                        // constant; weights of the activations' type, biases float32
  int pixels, height, width, channels;      // pixels: of the output, all pictures; the rest: of the input
  int outputHeight, outputWidth, outputChannels, kernelWidth;
  int strideHeight, strideWidth, dilationHeight, dilationWidth, padTop, padLeft;
  int hasBorder;                            // the input lies inside a border of zeros: no tap is outside
  int taps, groupChannels, groupOutputs;
  int chunks, steps;                        // tiles: 16-byte pieces of a patch; 64-byte ones, rounded up
  int stepPiece, stepX, stepY;              // tiles: four pieces as rows and columns of the kernel and pieces of a pixel
  int hasResidual;
  float low, high;
};

template <class T> DEVICE typename T::Stored finished(const ConvFloatArguments &p, float f, float bias, typename T::Stored residual) {
  f = sum(f, bias);
  if (p.hasResidual) f = sum(f, T::load(residual));
  return T::store(clamped(f, p.low, p.high));
}
