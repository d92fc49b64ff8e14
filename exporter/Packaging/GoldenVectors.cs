using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Steps;

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

    // Among the values of a picture, some are always near a tie where a sigmoid is steepest: the mean tells more than the worst. Deep networks
    // of this kind are 0.03 away in the mean on any engine.
    private const double DenseMaxTolerance = 0.5, DenseRmsTolerance = 0.05;
    private const int DenseElements = 4096;

    private const float IntegerStep = 1 / 128f;

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
            var inputs = literal.Inputs.Select((info, k) => k < given.Length ? given[k] : Noise(info, seed: i * literal.Inputs.Count + k)).ToList();
            for (int k = 0; k < inputs.Count; k++) literal.SetInputBytes(k, inputs[k].Type, inputs[k].Bytes.Span);
            literal.Run();
            golden.Add(new(inputs, [.. literal.Outputs.Select((info, k) => Output(literal, info, k))]));
        }

        Require(engine, golden, GoldenTolerance.Of(Describe(golden, precision)));
        return golden;
    }

    /// <summary>What the manifest says of them: how far an engine's outputs may be from the recorded ones, as shares of the largest.</summary>
    public static ManifestGolden Describe(IReadOnlyList<Golden> golden, string precision)
    {
        float largest = golden.SelectMany(g => g.Outputs).SelectMany(o => o.ToFloats()).Max(Math.Abs);
        bool isDense = golden[0].Outputs.Any(o => o.Shape.ElementCount >= DenseElements);
        return precision == Precisions.Int8 && isDense
            ? new(golden.Count, largest * DenseMaxTolerance) { MaxRmsDifference = largest * DenseRmsTolerance }
            : new(golden.Count, largest * (precision switch
            {
                Precisions.Int8 => Int8Tolerance,
                Precisions.Fp16 => Fp16Tolerance,
                _ => Fp32Tolerance,
            }));
    }

    /// <exception cref="EdgeException">Exit 4: the engine is further away than that.</exception>
    internal static void Require(IEngine engine, IReadOnlyList<Golden> golden, GoldenTolerance tolerance)
    {
        for (int i = 0; i < golden.Count; i++)
        {
            var distance = GoldenCheck.Distance(engine, golden[i], $"golden vector {i}");
            if (!tolerance.Allows(distance))
                throw EdgeException.Refused($"engine {engine.Name} differs from a literal evaluation of the network on golden vector {i} "
                    + $"({tolerance.Compare(distance)}): the package was not written; "
                    + "this is a defect in the engine, so please report it with the model");
        }
    }

    private static Tensor Output(IEngine engine, TensorInfo info, int index)
    {
        if (info.Type != ElementType.Float32)
            throw EdgeException.BadInput($"'{info.Name}' is {info.Type}; a package's outputs must be Float32, so convert the model");
        float[] values = new float[info.Shape.ElementCount];
        engine.GetOutput<float>(index, values);
        return Tensor.From<float>(info.Shape, values);
    }

    // -2 .. 2, about what normalised pictures hold; integers as in the usual steps of pictures from -1 to 1.
    // System.Random with a seed is the same on every machine.
    internal static Tensor Noise(TensorInfo info, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[info.Shape.ElementCount];
        for (int i = 0; i < values.Length; i++) values[i] = random.NextSingle() * 4 - 2;
        return info.Type switch
        {
            ElementType.Float32 => Tensor.From<float>(info.Shape, values),
            ElementType.UInt8 => Tensor.From<byte>(info.Shape, [.. values.Select(Step)]),
            ElementType.Int8 => Tensor.From<sbyte>(info.Shape, [.. values.Select(static v => (sbyte)(Step(v) + sbyte.MinValue))]),
            _ => throw EdgeException.BadInput(
                $"'{info.Name}' is {info.Type}; a package's inputs must be Float32, UInt8 or Int8, so convert the model"),
        };
    }

    private static byte Step(float value) => Requantize.Quantize(value, IntegerStep, -sbyte.MinValue);
}
