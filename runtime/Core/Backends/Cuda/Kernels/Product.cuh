// Products of float32 matrices on the processors' multiply-adds.

enum { TileRows = 64, TileStride = TileRows + 4 };

// Adds the products of [Depth][TileStride] rows and [Depth][64] columns: 8 rows x 4 columns a thread, one chain in the order of depth.
template <int Depth> DEVICE void multiplyTile(const float *a, const float *b, u32 m, u32 n, float (&total)[8][4]) {
  struct __attribute__((aligned(16))) Floats {
    float f[4];
  };
#pragma unroll 2
  for (int k = 0; k < Depth; k++) {
    Floats low = *(const Floats *)(a + k * TileStride + m * 8), high = *(const Floats *)(a + k * TileStride + m * 8 + 4);
    Floats right = *(const Floats *)(b + k * TileRows + n * 4);
#pragma unroll
    for (int j = 0; j < 4; j++)
#pragma unroll
      for (int i = 0; i < 4; i++) {
        total[i][j] = fused(low.f[i], right.f[j], total[i][j]);
        total[i + 4][j] = fused(high.f[i], right.f[j], total[i + 4][j]);
      }
  }
}

// Brings the next row of sums to the first place, so that a loop over rows is small and leaves them in registers.
DEVICE void rotate(float (&total)[8][4]) {
#pragma unroll
  for (int i = 0; i < 7; i++)
#pragma unroll
    for (int j = 0; j < 4; j++) total[i][j] = total[i + 1][j];
}

struct MatMulArguments {
  s64 left, right, output; // of the stacks
  s64 leftRow, rightRow, rightColumn, outputRow;
  s64 products; // constant: [3] for each of a stack: left, right, output
  int m, n, k, columns; // columns: blocks along n
};

// One chain of fused multiply-adds in the order of k for each element, 64 x 64 a block.
KERNEL matmul_fp32(u8 *arena, const u8 *constants, MatMulArguments p) {
  enum { Depth = 16 };
  static SHARED __attribute__((aligned(16))) float a[Depth * TileStride], b[Depth * TileRows];
  const s64 *triple = (const s64 *)(constants + p.products) + blockY() * 3;
  const u8 *left = arena + p.left + triple[0], *right = arena + p.right + triple[1];
  u8 *output = arena + p.output + triple[2];
  int m0 = blockX() / p.columns * TileRows, n0 = blockX() % p.columns * TileRows, m = thread() >> 4, n = thread() & 15;
  // Threads side by side read elements side by side.
  int isRow = p.rightColumn == 4, line = thread() & 15, first = thread() >> 4;
  float total[8][4] = {};
  for (int k0 = 0; k0 < p.k; k0 += Depth) {
#pragma unroll 2
    for (int i = 0; i < 8; i++) {
      int row = first + i * 8, k = k0 + line;
      float f = 0;
      if (m0 + row < p.m && k < p.k) f = *(const float *)(left + (m0 + row) * p.leftRow + (s64)k * 4);
      a[line * TileStride + row] = f;
      int column = isRow ? (thread() & 63) : row, own = isRow ? (thread() >> 6) + i * 2 : line;
      f = 0;
      if (n0 + column < p.n && k0 + own < p.k) f = *(const float *)(right + (k0 + own) * p.rightRow + (n0 + column) * p.rightColumn);
      b[own * TileRows + column] = f;
    }
    barrier();
    multiplyTile<Depth>(a, b, m, n, total);
    barrier();
  }
#pragma unroll 1
  for (int i = 0; i < 8; i++, rotate(total))
#pragma unroll
    for (int j = 0; j < 4; j++) {
      int row = m0 + m * 8 + i, column = n0 + n * 4 + j;
      if (row < p.m && column < p.n) ((float *)(output + row * p.outputRow))[column] = total[0][j];
    }
}
