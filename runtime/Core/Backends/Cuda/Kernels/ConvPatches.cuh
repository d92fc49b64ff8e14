// How convolutions read their input: patches of 64 pixels in steps of 64 bytes, as many bytes of weights beside them.

enum { Rows = 64, Step = 64 };

// What a thread reads of its block's patches: in each step a piece of 16 bytes of two pixels, 32 apart, so that four threads side by side read a step
// of one pixel. A patch is in the order row, column, channel. A: ConvInt8Arguments or ConvFloatArguments.
template <int ChunkShift, class A> struct Patches {
  int deep, piece, ky, kx, rest;
  int oy[2], ox[2];
  bool isReal[2];
  s64 picture[2];

  INLINE Patches(const A &p, u32 row, u32 chunk) {
    deep = p.channels >> ChunkShift;
    int tap = chunk / deep;
    piece = chunk % deep;
    ky = tap / p.kernelWidth;
    kx = tap % p.kernelWidth;
    rest = p.chunks - chunk;
#pragma unroll
    for (int i = 0; i < 2; i++) {
      int pixel = blockX() * Rows + row + i * 32, line = pixel / p.outputWidth;
      isReal[i] = pixel < p.pixels;
      oy[i] = line % p.outputHeight * p.strideHeight - p.padTop;
      ox[i] = pixel % p.outputWidth * p.strideWidth - p.padLeft;
      picture[i] = p.input.offset + line / p.outputHeight * p.input.image;
    }
  }

  // Bytes from the arena's base to the piece of a pixel. Without a branch: lanes that went different ways might not be together again where all are
  // needed.
  INLINE s64 place(const A &p, int i) const {
    int yy = oy[i] + ky * p.dilationHeight, xx = ox[i] + kx * p.dilationWidth;
    bool isInside = isReal[i] & (rest > 0) & ((p.hasBorder != 0) | (((u32)yy < (u32)p.height) & ((u32)xx < (u32)p.width)));
    return chosen(isInside, picture[i] + (s64)yy * p.input.row + (s64)xx * p.input.pixel + piece * 16, p.padding);
  }

  INLINE void next(const A &p) {
    rest -= 4;
    piece += p.stepPiece;
    int isPast = piece >= deep;
    piece -= isPast * deep;
    kx += p.stepX + isPast;
    isPast = kx >= p.kernelWidth;
    kx -= isPast * p.kernelWidth;
    ky += p.stepY + isPast;
  }
};
