// What every kernel uses. Compiled by clang alone: no CUDA toolkit and no NVIDIA header; instructions that C has no name for are inline PTX.
// Products and sums of floats are written as instructions with their rounding, so that no compiler joins two of them.
// docs/int8-arithmetic.md is the definition; runtime/Core/Steps/Requantize.cs is its scalar form.
#define KERNEL extern "C" __attribute__((global)) __attribute__((launch_bounds(128))) void
#define DEVICE static inline __attribute__((device)) __attribute__((always_inline))
#define SHARED __attribute__((shared))

typedef unsigned char u8;
typedef signed char s8;
typedef unsigned int u32;
typedef long long s64;
typedef unsigned long long u64;

enum { Threads = 128 }; // of a block, as CudaStep says

DEVICE u32 thread() { return __nvvm_read_ptx_sreg_tid_x(); }
DEVICE u32 blockX() { return __nvvm_read_ptx_sreg_ctaid_x(); }
DEVICE u32 blockY() { return __nvvm_read_ptx_sreg_ctaid_y(); }
DEVICE u32 index() { return blockX() * Threads + thread(); }
DEVICE void barrier() { asm volatile("bar.sync 0;" ::: "memory"); }

DEVICE float toFloat(int s) { float f; asm("cvt.rn.f32.s32 %0, %1;" : "=f"(f) : "r"(s)); return f; }
DEVICE float sum(float a, float b) { float f; asm("add.rn.f32 %0, %1, %2;" : "=f"(f) : "f"(a), "f"(b)); return f; }
DEVICE float product(float a, float b) { float f; asm("mul.rn.f32 %0, %1, %2;" : "=f"(f) : "f"(a), "f"(b)); return f; }
DEVICE float quotient(float a, float b) { float f; asm("div.rn.f32 %0, %1, %2;" : "=f"(f) : "f"(a), "f"(b)); return f; }
DEVICE float fused(float a, float b, float c) { float f; asm("fma.rn.f32 %0, %1, %2, %3;" : "=f"(f) : "f"(a), "f"(b), "f"(c)); return f; }
DEVICE int toEven(float f) { int r; asm("cvt.rni.s32.f32 %0, %1;" : "=r"(r) : "f"(f)); return r; }
DEVICE int atMost(int a, int b) { int r; asm("min.s32 %0, %1, %2;" : "=r"(r) : "r"(a), "r"(b)); return r; }
DEVICE int atLeast(int a, int b) { int r; asm("max.s32 %0, %1, %2;" : "=r"(r) : "r"(a), "r"(b)); return r; }

// A choice that no compiler makes a branch of.
DEVICE s64 chosen(int isFirst, s64 first, s64 second) {
  s64 chosen;
  asm("{ .reg .pred q; setp.ne.s32 q, %3, 0; selp.b64 %0, %1, %2, q; }" : "=l"(chosen) : "l"(first), "l"(second), "r"(isFirst));
  return chosen;
}

// Requantize.Clamp: comparisons, since max of -0 and 0 is 0.
DEVICE float clamped(float f, float low, float high) {
  f = low > f ? low : f;
  return high < f ? high : f;
}

// Requantize.ToUInt8: |f| < 2^31 is checked when the model is loaded.
DEVICE u8 requantized(float f, int zeroPoint, int low, int high) { return (u8)atMost(atLeast(toEven(f) + zeroPoint, low), high); }

// An activation in the arena, as Placement says: bytes from the arena's base, and from one picture to the next.
struct Place {
  s64 offset, image;
  int pixel, row;
};

// Sizes of an activation.
struct Sizes {
  int batch, height, width, channels;
};

// Element (n, y, x, c).
struct Element {
  int n, y, x, c;
};

DEVICE Element element(u32 i, const Sizes &s) {
  Element e;
  e.c = i % s.channels;
  i /= s.channels;
  e.x = i % s.width;
  i /= s.width;
  e.y = i % s.height;
  e.n = i / s.height;
  return e;
}

// Bytes from the arena's base; size: bytes of an element.
DEVICE s64 at(const Place &p, int n, int y, int x, int c, int size) {
  return p.offset + n * p.image + (s64)y * p.row + (s64)x * p.pixel + c * size;
}
