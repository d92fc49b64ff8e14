// Steps over lines: the channels of a pixel, or a row of attention. Sums are added up in the order of the processor's kernels, so that the bits are
// the same: SoftmaxLine, NormalizeFp32, MomentSums, ScalarSums.

// Float32Exponential.OfNegative.
DEVICE float exponential(float x) {
  const float Rounding = 12582912;
  float shifted = fused(x, (float)1.4426950408889634, Rounding), n = sum(shifted, -Rounding);
  float r = fused(n, (float)-1.428606765330187e-06, fused(n, (float)-0.693145751953125, x));
  float q = fused(r, (float)0.00139261835877, (float)0.00836317905272);
  q = fused(r, q, (float)0.0416665546172);
  q = fused(r, q, (float)0.166665769897);
  q = fused(r, q, 0.5f);
  u32 bits;
  asm("mov.b32 %0, %1;" : "=r"(bits) : "f"(shifted));
  bits = (bits << 23) + (127u << 23);
  float power;
  asm("mov.b32 %0, %1;" : "=f"(power) : "r"(bits));
  float f = product(sum(fused(product(r, r), q, r), 1.0f), power);
  return x < (float)-87.3 ? 0.0f : f;
}

struct LineArguments {
  Place input, output;
  Sizes sizes;
  s64 scale, bias; // constant: a number for each channel or pixel
  float epsilon;
  int centers, isPerPixel, parameters;
};

// A pixel's channels; those that there are not are told by isReal.
struct Line {
  const float *x;
  float *y;
  bool isReal;

  INLINE Line(u8 *arena, const LineArguments &p, u32 line) {
    u32 lines = (u32)p.sizes.batch * p.sizes.height * p.sizes.width;
    isReal = line < lines;
    if (!isReal) line = lines - 1;
    int column = line % p.sizes.width, row = line / p.sizes.width;
    x = (const float *)(arena + at(p.input, row / p.sizes.height, row % p.sizes.height, column, 0, 4));
    y = (float *)(arena + at(p.output, row / p.sizes.height, row % p.sizes.height, column, 0, 4));
  }
};

DEVICE double joined(const double *p) { return sum(sum(sum(p[0], p[4]), sum(p[2], p[6])), sum(sum(p[1], p[5]), sum(p[3], p[7]))); }

// Eight threads a line.
KERNEL softmax_fp32(u8 *arena, const u8 *, LineArguments p) {
  enum { Lanes = 8 };
  static SHARED float largest[Threads];
  static SHARED double partial[Threads];
  u32 lane = thread() % Lanes, first = thread() - lane;
  Line line(arena, p, blockX() * (Threads / Lanes) + thread() / Lanes);
  int count = line.isReal ? p.sizes.channels : 0;
  float most = -__builtin_inff();
  for (int i = lane; i < count; i += Lanes) most = most < line.x[i] ? line.x[i] : most;
  largest[thread()] = most;
  barrier();
  for (int i = 0; i < Lanes; i++) most = most < largest[first + i] ? largest[first + i] : most;
  double own = 0;
  for (int i = lane; i < count; i += Lanes) {
    float e = exponential(sum(line.x[i], -most));
    line.y[i] = e;
    own = sum(own, wide(e));
  }
  partial[thread()] = own;
  barrier();
  float factor = narrow(quotient(1.0, joined(partial + first)));
  for (int i = lane; i < count; i += Lanes) line.y[i] = product(line.y[i], factor);
}

enum { MomentLanes = 16, Stretch = 64 * MomentLanes };

// MomentSums: of x - from, or of (x - from - rest) squared. Of all threads of the block together.
template <bool IsSquare> DEVICE double moment(const Line &line, int count, float from, float rest, float *partial) {
  u32 lane = thread() % MomentLanes, first = thread() - lane;
  double all = 0;
  for (int start = 0; start < count; start += Stretch) {
    float own = 0;
    int end = atMost(start + Stretch, count);
    for (int group = start; group < end; group += MomentLanes) { // all lanes go round equally often, and are together at the barrier
      int i = group + lane, isReal = i < end;
      float distance = sum(line.x[isReal ? i : start], -from);
      if (IsSquare) distance = sum(distance, -rest);
      float next = IsSquare ? fused(distance, distance, own) : sum(own, distance);
      own = isReal ? next : own;
    }
    partial[thread()] = own;
    barrier();
    const float *s = partial + first;
    float q[8];
#pragma unroll
    for (int j = 0; j < 8; j++) q[j] = sum(s[j], s[j + 8]);
    all = sum(all, wide(sum(sum(sum(q[0], q[4]), sum(q[2], q[6])), sum(sum(q[1], q[5]), sum(q[3], q[7])))));
    barrier();
  }
  return all;
}

// ScalarSums: of x, or of (x - from) squared; each thread for itself, since hardly any line needs it.
template <bool IsSquare> DEVICE double exactly(const float *x, int count, double from) {
  double partial[8] = {};
  for (int start = 0; start < count; start += 8)
#pragma unroll
    for (int j = 0; j < 8; j++)
      if (start + j < count) {
        double term = wide(x[start + j]);
        if (IsSquare) term = difference(term, from), term = product(term, term);
        partial[j] = sum(partial[j], term);
      }
  return joined(partial);
}

// Sixteen threads a line.
KERNEL normalize_fp32(u8 *arena, const u8 *constants, LineArguments p) {
  static SHARED float partial[Threads];
  u32 lane = thread() % MomentLanes, number = blockX() * (Threads / MomentLanes) + thread() / MomentLanes;
  Line line(arena, p, number);
  int count = p.sizes.channels;
  double mean = 0, length = wide(count);
  if (p.centers) mean = sum(wide(line.x[0]), quotient(moment<false>(line, count, line.x[0], 0, partial), length));
  float whole = narrow(mean), rest = narrow(difference(mean, wide(whole)));
  double variance = quotient(moment<true>(line, count, whole, rest, partial), length);
  bool isPlain = variance >= 1e-30 && variance <= 1e30;
  if (!isPlain) {
    mean = p.centers ? quotient(exactly<false>(line.x, count, 0), length) : 0;
    variance = quotient(exactly<true>(line.x, count, mean), length);
  }
  double factor = quotient(1.0, root(sum(variance, wide(p.epsilon))));
  float narrowed = narrow(factor);
  barrier(); // the output may be the input's place
  if (!line.isReal) return;
  const float *scale = (const float *)(constants + p.scale), *bias = (const float *)(constants + p.bias);
  u32 pixel = number % p.parameters;
  for (int i = lane; i < count; i += MomentLanes) {
    float x = line.x[i];
    float f = isPlain ? product(sum(sum(x, -whole), -rest), narrowed) : narrow(product(difference(wide(x), mean), factor));
    int own = p.isPerPixel ? pixel : i;
    line.y[i] = fused(f, scale[own], bias[own]);
  }
}

// Each channel of each picture, in the order of its rows; a thread for each.
KERNEL instance_norm_fp32(u8 *arena, const u8 *constants, LineArguments p) {
  u32 i = index();
  if (i >= (u32)p.sizes.batch * p.sizes.channels) return;
  int n = i / p.sizes.channels, c = i % p.sizes.channels;
  double all = 0, squares = 0, pixels = product(wide(p.sizes.height), wide(p.sizes.width));
  for (int y = 0; y < p.sizes.height; y++)
    for (int x = 0; x < p.sizes.width; x++) all = sum(all, wide(*(const float *)(arena + at(p.input, n, y, x, c, 4))));
  double mean = quotient(all, pixels);
  for (int y = 0; y < p.sizes.height; y++)
    for (int x = 0; x < p.sizes.width; x++) {
      double distance = difference(wide(*(const float *)(arena + at(p.input, n, y, x, c, 4))), mean);
      squares = sum(squares, product(distance, distance));
    }
  double factor = quotient(1.0, root(sum(quotient(squares, pixels), wide(p.epsilon))));
  float scale = ((const float *)(constants + p.scale))[c], bias = ((const float *)(constants + p.bias))[c];
  for (int y = 0; y < p.sizes.height; y++)
    for (int x = 0; x < p.sizes.width; x++) {
      float standard = narrow(product(difference(wide(*(const float *)(arena + at(p.input, n, y, x, c, 4))), mean), factor));
      *(float *)(arena + at(p.output, n, y, x, c, 4)) = fused(standard, scale, bias);
    }
}
