using System.Globalization;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Packaging;

/// <summary>
/// Inputs and what the network gives for them, for <c>verify</c> on the machine where the package arrives. The outputs come from a literal
/// evaluation of the very bytes that the package holds, operator by operator, so that they can find an engine wrong; one that is, here already,
/// is not shipped.
/// </summary>
internal static class GoldenVectors
{
    /// <summary>How many are made.</summary>
    public const int Count = 4;

    // fp32: kernels sum in different orders. int8: a value near a tie may go to the next step, and
    // that step to the layers after it (docs/int8-arithmetic.md).
    // fp16: float32 is exact where the literal evaluation rounds to 11 bits, and half arithmetic also rounds sums and Winograd's transforms.
    private const double Fp32Tolerance = 1e-4, Fp16Tolerance = 0.05, Int8Tolerance = 0.1;

    /// <summary>Makes the vectors and holds an engine to them.</summary>
    /// <param name="graph">The package's network.</param>
    /// <param name="engine">This machine's best for it.</param>
    /// <param name="samples">Where inputs come from, evenly spread; null takes seeded noise.</param>
    /// <param name="precision">Of the package: which tolerance applies.</param>
    /// <exception cref="EdgeException">Exit 4: the engine is further from a vector than the package would allow.</exception>
    public static List<Golden> Make(Graph graph, IEngine engine, Samples? samples, string precision)
    {
        using var literal = GraphEngine.LoadLiteral(graph);
        var golden = new List<Golden>();
        int count = Math.Min(Count, samples?.Count ?? Count);
        for (int i = 0; i < count; i++)
        {
            var given = samples?.Inputs((int)((long)i * samples.Count / count), literal.Inputs) ?? [];
            var inputs = literal.Inputs.Select((info, k) => k < given.Length ? Floats(info, given[k])
                : Noise(info, seed: i * literal.Inputs.Count + k)).ToList();
            for (int k = 0; k < inputs.Count; k++) literal.SetInput(k, inputs[k].As<float>());
            literal.Run();
            golden.Add(new(inputs, [.. literal.Outputs.Select((info, k) => Output(literal, info, k))]));
        }

        Require(engine, golden, MaxAbsDifference(golden, precision));
        return golden;
    }

    /// <summary>How far an engine's outputs may be from the recorded ones: a share of the largest of them.</summary>
    public static double MaxAbsDifference(IEnumerable<Golden> golden, string precision)
    {
        float largest = golden.SelectMany(g => g.Outputs).SelectMany(o => o.ToFloats()).Max(Math.Abs);
        return largest * (precision switch
        {
            Precisions.Int8 => Int8Tolerance,
            Precisions.Fp16 => Fp16Tolerance,
            _ => Fp32Tolerance,
        });
    }

    /// <exception cref="EdgeException">Exit 4: the engine is further away than that.</exception>
    internal static void Require(IEngine engine, IReadOnlyList<Golden> golden, double bound)
    {
        for (int i = 0; i < golden.Count; i++)
        {
            double difference = GoldenCheck.MaxAbsDifference(engine, golden[i], $"golden vector {i}");
            if (!(difference <= bound))
                throw EdgeException.Refused(string.Create(CultureInfo.InvariantCulture,
                    $"engine {engine.Name} differs by {difference:G3} from a literal evaluation of the network on golden "
                        + $"vector {i}, where {bound:G3} is allowed: "
                    + $"the package was not written; this is a defect in the engine, so please report it with the model"));
        }
    }

    private static Tensor Output(IEngine engine, TensorInfo info, int index)
    {
        RequireFloat(info);
        float[] values = new float[info.Shape.ElementCount];
        engine.GetOutput<float>(index, values);
        return Tensor.From<float>(info.Shape, values);
    }

    // -2 .. 2, about what normalised pictures hold. System.Random with a seed is the same on every machine.
    internal static Tensor Noise(TensorInfo info, int seed)
    {
        RequireFloat(info);
        var random = new Random(seed);
        float[] values = new float[info.Shape.ElementCount];
        for (int i = 0; i < values.Length; i++) values[i] = random.NextSingle() * 4 - 2;
        return Tensor.From<float>(info.Shape, values);
    }

    private static Tensor Floats(TensorInfo info, Tensor given)
    {
        RequireFloat(info);
        return given;
    }

    private static void RequireFloat(TensorInfo info)
    {
        if (info.Type != ElementType.Float32)
            throw EdgeException.BadInput($"'{info.Name}' is {info.Type}; a package's inputs and outputs must be Float32, so convert the model");
    }
}
