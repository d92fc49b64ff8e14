// Functions of one value and of two. The instruction before each comment "function" stands for any function: CudaFunction puts the instructions of
// one in its place when a model is loaded.

DEVICE float function(float x) { float f; asm("mov.b32 %0, %1; // function" : "=f"(f) : "f"(x)); return f; }
DEVICE float function(float a, float b) { float f; asm("add.rn.f32 %0, %1, %2; // function" : "=f"(f) : "f"(a), "f"(b)); return f; }

KERNEL unary_fp32(u8 *arena, const u8 *, MapArguments p) {
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  *(float *)(arena + at(p.output, e.n, e.y, e.x, e.c, 4)) = function(*(const float *)(arena + at(p.input, e.n, e.y, e.x, e.c, 4)));
}

enum { BinaryDimensions = 8 };

// Outermost first; dimensions that are not there come first and have one element. Strides in bytes, 0 where a value is spread.
struct BinaryArguments {
  s64 left, right, output;
  s64 leftSteps[BinaryDimensions], rightSteps[BinaryDimensions], outputSteps[BinaryDimensions];
  u32 size[BinaryDimensions], count;
  int dimensions, isRightFloat, leftZero, rightZero, zeroPoint;
  float leftScale, rightScale, scale, low, high;
  int unused;
};

// Where an element lies in each of the three.
struct BinaryElement {
  s64 left, right, output;

  INLINE BinaryElement(u32 i, const BinaryArguments &p) : left(p.left), right(p.right), output(p.output) {
#pragma unroll
    for (int d = BinaryDimensions - 1; d >= 0; d--) {
      if (d < BinaryDimensions - p.dimensions) break;
      u32 rest = i / p.size[d], here = i - rest * p.size[d];
      left += here * p.leftSteps[d];
      right += here * p.rightSteps[d];
      output += here * p.outputSteps[d];
      i = rest;
    }
  }
};

KERNEL binary_fp32(u8 *arena, const u8 *, BinaryArguments p) {
  u32 i = index();
  if (i >= p.count) return;
  BinaryElement e(i, p);
  *(float *)(arena + e.output) = clamped(function(*(const float *)(arena + e.left), *(const float *)(arena + e.right)), p.low, p.high);
}

// DequantizeLinear, function, QuantizeLinear, each rounded once.
KERNEL binary_int8(u8 *arena, const u8 *, BinaryArguments p) {
  u32 i = index();
  if (i >= p.count) return;
  BinaryElement e(i, p);
  float a = product(toFloat((int)arena[e.left] - p.leftZero), p.leftScale), b;
  if (p.isRightFloat) b = *(const float *)(arena + e.right);
  else b = product(toFloat((int)arena[e.right] - p.rightZero), p.rightScale);
  float f = quotient(function(a, b), p.scale);
  f = f > p.low ? f : p.low;
  f = f < p.high ? f : p.high;
  arena[e.output] = (u8)(toEven(f) + p.zeroPoint);
}
