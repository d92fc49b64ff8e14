using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Attention;

/// <summary>Query by query in float64, rounded once at the end; the definition.</summary>
/// <remarks>
/// A score of the kernels is off by (Depth + 4) · 2⁻²⁴ of the sum of its products' magnitudes and by 2⁻²² of scores and mask; a result by twice the
/// largest of these, plus (Keys + 16) · 2⁻²⁴, of the weighted sum of the values' magnitudes.
/// </remarks>
internal sealed unsafe class AttentionFp32Reference(AttentionFp32Problem problem) : PreparedKernel
{
    private readonly AttentionHead[] _heads = [.. problem.Heads];

    public override string Name => nameof(AttentionFp32Reference);

    /// <summary>The scores of a query for each thread.</summary>
    public static long ScratchBytes(AttentionFp32Problem problem, int threads) => threads * PartBytes(problem);

    public override void Run(byte* arena, int part, int parts)
    {
        var scratch = problem.Scratch!.Value;
        parts = (int)Math.Min(parts, scratch.Bytes / PartBytes(problem));
        if (part >= parts)
            return;
        double* scores = (double*)(arena + scratch.Offset + part * PartBytes(problem));
        var (start, end) = KernelPart.Range(checked(_heads.Length * problem.Queries), part, parts);
        for (int i = start; i < end; i++)
        {
            var (head, query) = Math.DivRem(i, problem.Queries);
            Score(arena, _heads[head], query, scores);
            Weigh(arena, _heads[head], query, scores);
        }
    }

    private static long PartBytes(AttentionFp32Problem problem) => ((long)problem.Keys * sizeof(double) + 63) / 64 * 64;

    private void Score(byte* arena, AttentionHead head, int query, double* scores)
    {
        var p = problem;
        float* q = (float*)(arena + p.Query + head.Query + query * p.QueryRow);
        float* mask = p.Mask is { } at ? (float*)(arena + at + head.Mask + query * p.MaskRow) : null;
        for (int key = 0; key < p.Keys; key++)
        {
            byte* k = arena + p.Key + head.Key + key * p.KeyRow;
            double sum = 0;
            for (int d = 0; d < p.Depth; d++)
                sum += (double)q[d] * *(float*)(k + d * p.KeyElement);
            scores[key] = mask == null ? sum * p.Scale : sum * p.Scale + mask[key];
        }
    }

    private void Weigh(byte* arena, AttentionHead head, int query, double* scores)
    {
        var p = problem;
        double largest = double.NegativeInfinity, whole = 0;
        for (int key = 0; key < p.Keys; key++)
            largest = largest < scores[key] ? scores[key] : largest;
        for (int key = 0; key < p.Keys; key++)
            whole += scores[key] = Math.Exp(scores[key] - largest);
        float* y = (float*)(arena + p.Output + head.Output + query * p.OutputRow);
        for (int d = 0; d < p.ValueDepth; d++)
        {
            double sum = 0;
            for (int key = 0; key < p.Keys; key++)
                sum += scores[key] / whole * ((float*)(arena + p.Value + head.Value + key * p.ValueRow))[d];
            y[d] = (float)sum;
        }
    }
}
