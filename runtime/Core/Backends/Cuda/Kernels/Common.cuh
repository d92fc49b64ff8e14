// What every kernel uses. Compiled by clang alone: no CUDA toolkit and no NVIDIA header; instructions that C has no name for are inline PTX.
// Products and sums of floats are written as instructions with their rounding, so that no compiler joins two of them.
// docs/int8-arithmetic.md is the definition; runtime/Core/Steps/Requantize.cs is its scalar form.
#define KERNEL extern "C" __attribute__((global)) __attribute__((launch_bounds(128))) void
#define DEVICE static inline __attribute__((device)) __attribute__((always_inline))
#define INLINE __attribute__((device)) __attribute__((always_inline))
#define SHARED __attribute__((shared))

typedef unsigned char u8;
typedef signed char s8;
typedef unsigned short u16;
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
DEVICE float fused(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
DEVICE float ofHalf(u16 h) { float f; asm("cvt.f32.f16 %0, %1;" : "=f"(f) : "h"(h)); return f; }
DEVICE u16 toHalf(float f) { u16 h; asm("cvt.rn.f16.f32 %0, %1;" : "=h"(h) : "f"(f)); return h; }
DEVICE int toEven(float f) { int r; asm("cvt.rni.s32.f32 %0, %1;" : "=r"(r) : "f"(f)); return r; }
DEVICE int atMost(int a, int b) { int r; asm("min.s32 %0, %1, %2;" : "=r"(r) : "r"(a), "r"(b)); return r; }
DEVICE int atLeast(int a, int b) { int r; asm("max.s32 %0, %1, %2;" : "=r"(r) : "r"(a), "r"(b)); return r; }

DEVICE double wide(float a) { double d; asm("cvt.f64.f32 %0, %1;" : "=d"(d) : "f"(a)); return d; }
DEVICE double wide(int a) { double d; asm("cvt.rn.f64.s32 %0, %1;" : "=d"(d) : "r"(a)); return d; }
DEVICE float narrow(double a) { float f; asm("cvt.rn.f32.f64 %0, %1;" : "=f"(f) : "d"(a)); return f; }
DEVICE double sum(double a, double b) { double d; asm("add.rn.f64 %0, %1, %2;" : "=d"(d) : "d"(a), "d"(b)); return d; }
DEVICE double difference(double a, double b) { double d; asm("sub.rn.f64 %0, %1, %2;" : "=d"(d) : "d"(a), "d"(b)); return d; }
DEVICE double product(double a, double b) { double d; asm("mul.rn.f64 %0, %1, %2;" : "=d"(d) : "d"(a), "d"(b)); return d; }
DEVICE double quotient(double a, double b) { double d; asm("div.rn.f64 %0, %1, %2;" : "=d"(d) : "d"(a), "d"(b)); return d; }
DEVICE double root(double a) { double d; asm("sqrt.rn.f64 %0, %1;" : "=d"(d) : "d"(a)); return d; }

// A choice that no compiler makes a branch of.
DEVICE s64 chosen(int isFirst, s64 first, s64 second) {
  s64 chosen;
  asm("{ .reg .pred q; setp.ne.s32 q, %3, 0; selp.b64 %0, %1, %2, q; }" : "=l"(chosen) : "l"(first), "l"(second), "r"(isFirst));
  return chosen;
}

// How an element of each type is read and written.
struct Float32 {
  typedef float Stored;
  static INLINE float load(float f) { return f; }
  static INLINE float store(float f) { return f; }
};

struct Float16 {
  typedef u16 Stored;
  static INLINE float load(u16 h) { return ofHalf(h); }
  static INLINE u16 store(float f) { return toHalf(f); }
};

struct __attribute__((aligned(16))) Words {
  u32 x, y, z, w;
};

// 16 bytes that no compiler writes in pieces.
DEVICE void store16(void *to, const Words &w) {
  typedef u32 Vector __attribute__((ext_vector_type(4)));
  *(Vector *)to = Vector{w.x, w.y, w.z, w.w};
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

// Whether a thread has an element.
DEVICE bool isWithin(u32 i, const Sizes &s) { return i < (u32)s.batch * s.height * s.width * s.channels; }
