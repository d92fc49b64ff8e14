using ResNetEdge.Backends.Cpu.Lines;
using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Attention;

/// <summary>
/// Few queries, such as the one that a decoder adds to its cache: keys and values are read once,
/// where they lie. Whoever reads them is bound by memory.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes.</typeparam>
/// <typeparam name="TSums">How it sums.</typeparam>
internal sealed unsafe class AttentionFp32Rows<TLanes, TSums>(string name, AttentionFp32Problem problem) : PreparedKernel
    where TLanes : struct, IFloatLanes<TLanes>
    where TSums : struct, ILineSums
{
    private const int Keys = 4;
    private readonly AttentionHead[] _heads = [.. problem.Heads];

    public override string Name => name;

    /// <summary>The scores of a query for each thread.</summary>
    public static long ScratchBytes(AttentionFp32Problem problem, int threads) => threads * PartBytes(problem);

    public override void Run(byte* arena, int part, int parts)
    {
        var (p, scratch) = (problem, problem.Scratch!.Value);
        parts = (int)Math.Min(parts, scratch.Bytes / PartBytes(problem));
        if (part >= parts)
            return;
        float* scores = (float*)(arena + scratch.Offset + part * PartBytes(problem));
        var (start, end) = KernelPart.Range(checked(_heads.Length * p.Queries), part, parts);
        for (int i = start; i < end; i++)
        {
            var (number, query) = Math.DivRem(i, p.Queries);
            var head = _heads[number];
            float* q = (float*)(arena + p.Query + head.Query + query * p.QueryRow);
            if (p.KeyElement == sizeof(float)) ScoreKeys(q, arena + p.Key + head.Key, scores);
            else ScoreElements(q, arena + p.Key + head.Key, scores);
            float* mask = p.Mask is { } at ? (float*)(arena + at + head.Mask + query * p.MaskRow) : null;
            SoftmaxLine<TLanes, TSums>.RunScaled(scores, p.Keys, p.Scale, mask);
            Weigh(scores, arena + p.Value + head.Value, (float*)(arena + p.Output + head.Output + query * p.OutputRow));
        }
    }

    private static long PartBytes(AttentionFp32Problem problem) => ((long)problem.Keys * sizeof(float) + 63) / 64 * 64;

    // Keys whose elements are side by side: four at a time share the query's.
    private void ScoreKeys(float* q, byte* keys, float* scores)
    {
        int key = 0;
        for (; key <= problem.Keys - Keys; key += Keys)
        {
            float* k0 = (float*)(keys + key * problem.KeyRow), k1 = (float*)((byte*)k0 + problem.KeyRow);
            float* k2 = (float*)((byte*)k1 + problem.KeyRow), k3 = (float*)((byte*)k2 + problem.KeyRow);
            TLanes s0 = TLanes.Of(0), s1 = s0, s2 = s0, s3 = s0;
            int d = 0;
            for (; d <= problem.Depth - TLanes.Count; d += TLanes.Count)
            {
                TLanes x = TLanes.Load(q + d);
                s0 = TLanes.FusedMultiplyAdd(x, TLanes.Load(k0 + d), s0);
                s1 = TLanes.FusedMultiplyAdd(x, TLanes.Load(k1 + d), s1);
                s2 = TLanes.FusedMultiplyAdd(x, TLanes.Load(k2 + d), s2);
                s3 = TLanes.FusedMultiplyAdd(x, TLanes.Load(k3 + d), s3);
            }

            float r0 = Sum(s0), r1 = Sum(s1), r2 = Sum(s2), r3 = Sum(s3);
            for (; d < problem.Depth; d++)
            {
                r0 += q[d] * k0[d];
                r1 += q[d] * k1[d];
                r2 += q[d] * k2[d];
                r3 += q[d] * k3[d];
            }

            (scores[key], scores[key + 1], scores[key + 2], scores[key + 3]) = (r0, r1, r2, r3);
        }

        for (; key < problem.Keys; key++)
        {
            float* k = (float*)(keys + key * problem.KeyRow);
            float sum = 0;
            for (int d = 0; d < problem.Depth; d++)
                sum += q[d] * k[d];
            scores[key] = sum;
        }
    }

    // Element after element of all keys, which are side by side.
    private void ScoreElements(float* q, byte* keys, float* scores)
    {
        int key = 0;
        for (; key <= problem.Keys - TLanes.Count; key += TLanes.Count)
            Combine<TLanes>(q, (float*)keys + key, problem.KeyElement, problem.Depth).Store(scores + key);
        for (; key < problem.Keys; key++)
            Combine<Float32x1>(q, (float*)keys + key, problem.KeyElement, problem.Depth).Store(scores + key);
    }

    private void Weigh(float* scores, byte* values, float* y)
    {
        int d = 0;
        for (; d <= problem.ValueDepth - 4 * TLanes.Count; d += 4 * TLanes.Count)
        {
            TLanes s0 = TLanes.Of(0), s1 = s0, s2 = s0, s3 = s0;
            float* v = (float*)values + d;
            for (int key = 0; key < problem.Keys; key++, v = (float*)((byte*)v + problem.ValueRow))
            {
                TLanes weight = TLanes.Broadcast(scores + key);
                s0 = TLanes.FusedMultiplyAdd(weight, TLanes.Load(v), s0);
                s1 = TLanes.FusedMultiplyAdd(weight, TLanes.Load(v + TLanes.Count), s1);
                s2 = TLanes.FusedMultiplyAdd(weight, TLanes.Load(v + 2 * TLanes.Count), s2);
                s3 = TLanes.FusedMultiplyAdd(weight, TLanes.Load(v + 3 * TLanes.Count), s3);
            }

            s0.Store(y + d);
            s1.Store(y + d + TLanes.Count);
            s2.Store(y + d + 2 * TLanes.Count);
            s3.Store(y + d + 3 * TLanes.Count);
        }

        for (; d <= problem.ValueDepth - TLanes.Count; d += TLanes.Count)
            Combine<TLanes>(scores, (float*)values + d, problem.ValueRow, problem.Keys).Store(y + d);
        for (; d < problem.ValueDepth; d++)
            Combine<Float32x1>(scores, (float*)values + d, problem.ValueRow, problem.Keys).Store(y + d);
    }

    // The sum of rows, each with a factor.
    private static T Combine<T>(float* factors, float* rows, long stride, int count) where T : struct, IFloatLanes<T>
    {
        T sum = T.Of(0);
        for (int i = 0; i < count; i++, rows = (float*)((byte*)rows + stride))
            sum = T.FusedMultiplyAdd(T.Broadcast(factors + i), T.Load(rows), sum);
        return sum;
    }

    private static float Sum(TLanes lanes)
    {
        float* each = stackalloc float[TLanes.Count];
        lanes.Store(each);
        float sum = each[0];
        for (int lane = 1; lane < TLanes.Count; lane++)
            sum += each[lane];
        return sum;
    }
}
