// Steps that do the same to every element; one thread each.

struct AddInt8Arguments {
  Place left, right, output;
  Sizes sizes;
  int leftZero, rightZero, zeroPoint, low, high;
  float leftMultiplier, rightMultiplier;
};

KERNEL add_int8(u8 *arena, const u8 *, AddInt8Arguments p) {
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  float f = product(toFloat((int)arena[at(p.left, e.n, e.y, e.x, e.c, 1)] - p.leftZero), p.leftMultiplier);
  f = fused(toFloat((int)arena[at(p.right, e.n, e.y, e.x, e.c, 1)] - p.rightZero), p.rightMultiplier, f);
  arena[at(p.output, e.n, e.y, e.x, e.c, 1)] = requantized(f, p.zeroPoint, p.low, p.high);
}

struct AddFloatArguments {
  Place left, right, output;
  Sizes sizes;
  float low, high;
};

// Of every step from one activation to another of the same sizes.
struct MapArguments {
  Place input, output;
  Sizes sizes;
  s64 table; // constant: [256]
  float scale;
  int zeroPoint;
};

KERNEL table_int8(u8 *arena, const u8 *constants, MapArguments p) {
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  arena[at(p.output, e.n, e.y, e.x, e.c, 1)] = constants[p.table + arena[at(p.input, e.n, e.y, e.x, e.c, 1)]];
}

// Requantize.Quantize: clamped before it is rounded; comparisons with a NaN are false, which makes it 0.
KERNEL quantize_linear(u8 *arena, const u8 *, MapArguments p) {
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  float f = quotient(*(const float *)(arena + at(p.input, e.n, e.y, e.x, e.c, 4)), p.scale);
  float low = toFloat(-p.zeroPoint), high = toFloat(255 - p.zeroPoint);
  f = f > low ? f : low;
  f = f < high ? f : high;
  arena[at(p.output, e.n, e.y, e.x, e.c, 1)] = (u8)(toEven(f) + p.zeroPoint);
}

KERNEL dequantize_linear(u8 *arena, const u8 *, MapArguments p) {
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  float f = product(toFloat((int)arena[at(p.input, e.n, e.y, e.x, e.c, 1)] - p.zeroPoint), p.scale);
  *(float *)(arena + at(p.output, e.n, e.y, e.x, e.c, 4)) = f;
}

template <class T> DEVICE void add(u8 *arena, const AddFloatArguments &p) {
  typedef typename T::Stored Stored;
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  float left = T::load(*(const Stored *)(arena + at(p.left, e.n, e.y, e.x, e.c, sizeof(Stored))));
  float right = T::load(*(const Stored *)(arena + at(p.right, e.n, e.y, e.x, e.c, sizeof(Stored))));
  *(Stored *)(arena + at(p.output, e.n, e.y, e.x, e.c, sizeof(Stored))) = T::store(clamped(sum(left, right), p.low, p.high));
}

KERNEL add_fp32(u8 *arena, const u8 *, AddFloatArguments p) { add<Float32>(arena, p); }
KERNEL add_fp16(u8 *arena, const u8 *, AddFloatArguments p) { add<Float16>(arena, p); }

template <class From, class To> DEVICE void convert(u8 *arena, const MapArguments &p) {
  typedef typename From::Stored Before;
  typedef typename To::Stored After;
  u32 i = index();
  if (!isWithin(i, p.sizes)) return;
  Element e = element(i, p.sizes);
  float f = From::load(*(const Before *)(arena + at(p.input, e.n, e.y, e.x, e.c, sizeof(Before))));
  *(After *)(arena + at(p.output, e.n, e.y, e.x, e.c, sizeof(After))) = To::store(f);
}

KERNEL narrow_fp16(u8 *arena, const u8 *, MapArguments p) { convert<Float32, Float16>(arena, p); }
KERNEL widen_fp16(u8 *arena, const u8 *, MapArguments p) { convert<Float16, Float32>(arena, p); }
