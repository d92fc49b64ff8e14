// softmax(scale * Q K^T + mask) V of any number of heads. A block for each query of each head; its scores stay in shared memory.

enum { MostKeys = 4096 };

struct AttentionArguments {
  s64 query, key, value, mask, output;
  s64 queryRow, keyRow, keyElement, valueRow, maskRow, outputRow;
  s64 heads; // constant: [5] for each: query, key, value, mask, output
  int keys, depth, valueDepth, hasMask;
  float scale;
  int unused;
};

KERNEL attention_fp32(u8 *arena, const u8 *constants, AttentionArguments p) {
  static SHARED float scores[MostKeys], largest[Threads];
  static SHARED double partial[Threads];
  const s64 *head = (const s64 *)(constants + p.heads) + blockY() * 5;
  s64 row = blockX();
  const float *query = (const float *)(arena + p.query + head[0] + row * p.queryRow);
  const float *mask = (const float *)(arena + p.mask + head[3] + row * p.maskRow);
  float most = -__builtin_inff();
  for (int key = thread(); key < p.keys; key += Threads) {
    const u8 *from = arena + p.key + head[1] + key * p.keyRow;
    float score = 0;
    for (int d = 0; d < p.depth; d++) score = fused(query[d], *(const float *)(from + d * p.keyElement), score);
    score = product(score, p.scale);
    if (p.hasMask) score = sum(score, mask[key]);
    scores[key] = score;
    most = most < score ? score : most;
  }
  largest[thread()] = most;
  barrier();
  for (int half = Threads / 2; half > 0; half >>= 1) {
    if (thread() < half && largest[thread()] < largest[thread() + half]) largest[thread()] = largest[thread() + half];
    barrier();
  }
  most = largest[0];
  double own = 0;
  for (int key = thread(); key < p.keys; key += Threads) {
    float e = exponential(sum(scores[key], -most));
    scores[key] = e;
    own = sum(own, wide(e));
  }
  partial[thread()] = own;
  barrier();
  for (int half = Threads / 2; half > 0; half >>= 1) {
    if (thread() < half) partial[thread()] = sum(partial[thread()], partial[thread() + half]);
    barrier();
  }
  float factor = narrow(quotient(1.0, partial[0]));
  for (int d = thread(); d < p.valueDepth; d += Threads) {
    const u8 *from = arena + p.value + head[2] + (s64)d * 4;
    float f = 0;
    for (int key = 0; key < p.keys; key++) f = fused(scores[key], *(const float *)(from + key * p.valueRow), f);
    ((float *)(arena + p.output + head[4] + row * p.outputRow))[d] = product(f, factor);
  }
}
