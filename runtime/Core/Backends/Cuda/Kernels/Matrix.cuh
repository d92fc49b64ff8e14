// 64 pixels x 64 channels on tensor cores, whatever is done with the sums.

enum { Stages = 3, Tile = Rows * Step, SumStride = Rows + 4 };

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

// Fragments: PTX ISA, m16n8k32 of bytes and m16n8k16 of float16, whose registers hold the same bytes of a row.
DEVICE void multiply(int (&d)[4], const u32 (&a)[4], u32 b0, u32 b1) {
  asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
               : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

DEVICE void multiply(float (&d)[4], const u32 (&a)[4], u32 b0, u32 b1) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// The sums of 64 pixels x 64 channels: 4 warps of 32 x 32, three stages of asynchronous copies, ldmatrix. Weights [channels rounded up to 64]
// [steps * 64 bytes], a patch and then zeros. memory: Stages * 2 * Tile bytes.
template <int ChunkShift, class A, class Sum>
DEVICE void multiplyTiles(const A &p, const u8 *arena, const u8 *constants, u32 memory, Sum (&total)[2][4][4]) {
  u32 lane = thread() & 31, warp = thread() >> 5, chunk = thread() & 3, row = thread() >> 2, m0 = (warp & 1) * 32, n0 = (warp >> 1) * 32;
  Patches<ChunkShift, A> patches(p, row, chunk);
  const u8 *weights = constants + p.weights + ((u64)blockY() * Rows + row) * (p.steps * Step) + chunk * 16;
  auto fetch = [&](int stage) {
    u32 to = memory + stage * 2 * Tile;
#pragma unroll
    for (int i = 0; i < 2; i++) {
      copy16(to + swizzled(row + i * 32, chunk), arena + patches.place(p, i));
      copy16(to + Tile + swizzled(row + i * 32, chunk), weights + (u64)i * 32 * (p.steps * Step));
    }
    weights += Step;
    patches.next(p);
  };

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
    u32 a0 = memory + stage * 2 * Tile, b0 = a0 + Tile;
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
}

// Puts the sums of all warps into shared memory, [64][SumStride], once nobody reads the tiles in it any more.
template <class Sum> DEVICE void gather(Sum *sums, const Sum (&total)[2][4][4]) {
  u32 lane = thread() & 31, warp = thread() >> 5, m0 = (warp & 1) * 32, n0 = (warp >> 1) * 32;
  barrier();
#pragma unroll
  for (int i = 0; i < 2; i++)
#pragma unroll
    for (int j = 0; j < 4; j++)
#pragma unroll
      for (int h = 0; h < 2; h++) {
        Sum *to = sums + (m0 + i * 16 + h * 8 + (lane >> 2)) * SumStride + n0 + j * 8 + (lane & 3) * 2;
        to[0] = total[i][j][h * 2];
        to[1] = total[i][j][h * 2 + 1];
      }
  barrier();
}
