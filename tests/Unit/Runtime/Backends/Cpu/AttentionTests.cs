using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu.Attention;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

public unsafe class AttentionTests
{
    public static IEnumerable<object[]> Names => KernelCases.Names<AttentionFp32Problem>();

    /// <summary>
    /// Within the bound that the reference states, for sizes below, at and above the tiles, and nothing written where nothing belongs.
    /// </summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Attention_is_within_its_bound_for_any_size_and_stride(string name)
    {
        var entry = KernelCases.Find<AttentionFp32Problem>(name);
        int run = 0;
        for (int seed = 0; seed < KernelCases.Some(250); seed++)
        {
            var random = new Random(seed);
            using var arena = new TestArena(random);
            var problem = Make(random, arena);
            if (!entry.CanRun(problem)) continue;
            int threads = 1 + seed % 3;
            long bytes = Math.Max(entry.Scratch(problem, threads), AttentionFp32Reference.ScratchBytes(problem, threads));
            problem = problem with { Scratch = new Scratch(arena.Reserve(bytes, 64), bytes) };
            arena.Create(floats: false);
            arena.FillFloats();
            foreach (ref float value in MemoryMarshal.Cast<byte, float>(arena.Bytes)) value *= 0.02f;
            using var expected = arena.Copy();
            KernelCases.RunParts(new AttentionFp32Reference(problem), expected, 1);
            using var kernel = entry.Create(problem);
            using var actual = KernelCases.RunWithoutAllocating(arena, kernel, threads, $"seed {seed}");
            AssertClose(problem, arena, expected, actual, $"{name}, seed {seed}, {problem}");
            run++;
        }

        Assert.True(run > KernelCases.Some(50), $"only {run}");
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void A_key_that_is_masked_out_has_no_weight_and_a_query_without_keys_no_answer(string name)
    {
        var entry = KernelCases.Find<AttentionFp32Problem>(name);
        foreach (int queries in new[] { 3, 8 })
        {
            using var arena = new TestArena(new Random(1));
            const int Keys = 19, Depth = 8;
            long q = arena.Reserve(queries * Depth * 4, 4), k = arena.Reserve(Keys * Depth * 4, 4), v = arena.Reserve(Keys * Depth * 4, 4);
            long mask = arena.Reserve(queries * Keys * 4, 4), y = arena.Reserve(queries * Depth * 4, 4);
            var problem = new AttentionFp32Problem
            {
                Queries = queries,
                Keys = Keys,
                Depth = Depth,
                ValueDepth = Depth,
                Scale = 0.5f,
                Heads = [default],
                Query = q,
                Key = k,
                Value = v,
                Mask = mask,
                Output = y,
                QueryRow = Depth * 4,
                KeyRow = Depth * 4,
                KeyElement = 4,
                ValueRow = Depth * 4,
                MaskRow = Keys * 4,
                OutputRow = Depth * 4,
            };
            problem.Check();
            if (!entry.CanRun(problem)) continue;
            long bytes = entry.Scratch(problem, 1);
            problem = problem with { Scratch = new Scratch(arena.Reserve(bytes, 64), bytes) };
            arena.Create(floats: false);
            arena.FillFloats();
            // The first query sees no key, each further one all before its own number; values are the number of their key.
            for (int query = 0; query < queries; query++)
                for (int key = 0; key < Keys; key++) ((float*)(arena.Base + mask))[query * Keys + key] = key < query ? 0 : float.NegativeInfinity;
            for (int key = 0; key < Keys; key++) new Span<float>(arena.Base + v + key * Depth * 4, Depth).Fill(key);
            using var kernel = entry.Create(problem);
            KernelCases.RunParts(kernel, arena, 1);
            for (int query = 0; query < queries; query++)
            {
                foreach (float value in new Span<float>(arena.Base + y + query * Depth * 4, Depth))
                {
                    if (query == 0) Assert.Equal(float.NaN, value);
                    else Assert.InRange(value, -1e-4f, query - 1 + 1e-4f);
                }
            }
        }
    }

    internal static void AssertClose(AttentionFp32Problem p, TestArena arena, TestArena expected, TestArena actual, string what)
    {
        var scratch = p.Scratch!.Value;
        expected.Bytes.Slice((int)scratch.Offset, (int)scratch.Bytes).CopyTo(actual.Bytes[(int)scratch.Offset..]);
        const double Unit = 1.0 / (1 << 24);
        double[] scores = new double[p.Keys];
        foreach (var head in p.Heads)
        {
            for (int query = 0; query < p.Queries; query++)
            {
                double off = 0, largest = double.NegativeInfinity;
                for (int key = 0; key < p.Keys; key++)
                {
                    double sum = 0, magnitude = 0;
                    for (int d = 0; d < p.Depth; d++)
                    {
                        double product = (double)At(arena, p.Query + head.Query + query * p.QueryRow + d * 4L)
                            * At(arena, p.Key + head.Key + key * p.KeyRow + d * p.KeyElement);
                        sum += product;
                        magnitude += Math.Abs(product);
                    }

                    double mask = p.Mask is { } m ? At(arena, m + head.Mask + query * p.MaskRow + key * 4L) : 0;
                    scores[key] = sum * p.Scale + mask;
                    largest = Math.Max(largest, scores[key]);
                    off = Math.Max(off, (p.Depth + 4) * Unit * magnitude * Math.Abs(p.Scale) + 4 * Unit * (Math.Abs(sum * p.Scale) + Math.Abs(mask)));
                }

                double whole = scores.Sum(s => Math.Exp(s - largest));
                off += 4 * Unit * Math.Abs(largest);
                for (int d = 0; d < p.ValueDepth; d++)
                {
                    double magnitude = 0;
                    for (int key = 0; key < p.Keys; key++)
                        magnitude += Math.Exp(scores[key] - largest) / whole * Math.Abs(At(arena, p.Value + head.Value + key * p.ValueRow + d * 4L));
                    long at = p.Output + head.Output + query * p.OutputRow + d * 4L;
                    double difference = Math.Abs((double)At(expected, at) - At(actual, at)), bound = (2.1 * off + (p.Keys + 16) * Unit) * magnitude;
                    Assert.True(difference <= bound, $"{difference:G3} is not within {bound:G3}: {what}");
                    *(float*)(actual.Base + at) = At(expected, at);
                }
            }
        }

        Assert.True(expected.Bytes.SequenceEqual(actual.Bytes), $"bytes beside the output differ: {what}");
    }

    private static float At(TestArena arena, long offset) => *(float*)(arena.Base + offset);

    internal static AttentionFp32Problem Make(Random random, TestArena arena)
    {
        int queries = random.Next(3) == 0 ? random.Next(1, 4) : random.Next(1, 60), keys = random.Next(1, 150);
        int depth = random.Next(1, 40), width = random.Next(1, 80), heads = random.Next(1, 4);
        bool hasKeys = random.Next(2) == 0, sharesMask = random.Next(2) == 0;
        // Rows of a matrix of all heads, or matrices behind each other.
        bool isSplit = random.Next(2) == 0;
        long Row(int length) => (isSplit ? length * heads : length) * 4L;
        long Head(int rows, int length) => isSplit ? length * 4L : rows * length * 4L;
        long keyRow = hasKeys ? Row(depth) : 4, keyElement = hasKeys ? 4 : keys * 4L, keyHead = hasKeys ? Head(keys, depth) : keys * depth * 4L;
        long? mask = random.Next(2) == 0 ? arena.Reserve(heads * queries * keys * 4, 4) : null;
        var problem = new AttentionFp32Problem
        {
            Queries = queries,
            Keys = keys,
            Depth = depth,
            ValueDepth = width,
            Scale = random.Next(2) == 0 ? 1 / MathF.Sqrt(depth) : 1,
            Heads = [.. Enumerable.Range(0, heads).Select(i => new AttentionHead(
                i * Head(queries, depth), i * keyHead, i * Head(keys, width), sharesMask ? 0 : i * queries * keys * 4L, i * Head(queries, width)))],
            Query = arena.Reserve(heads * queries * depth * 4, 4),
            Key = arena.Reserve(heads * keys * depth * 4, 4),
            Value = arena.Reserve(heads * keys * width * 4, 4),
            Mask = mask,
            Output = arena.Reserve(heads * queries * width * 4, 4),
            QueryRow = Row(depth),
            KeyRow = keyRow,
            KeyElement = keyElement,
            ValueRow = Row(width),
            MaskRow = random.Next(3) == 0 ? 0 : keys * 4L,
            OutputRow = Row(width),
        };
        problem.Check();
        return problem;
    }
}
