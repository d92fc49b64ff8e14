using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Exporter.Packaging;

/// <summary>Inputs and what the network gives for them, for <c>verify</c> on the machine where the package arrives.</summary>
internal static class GoldenVectors
{
    /// <summary>How many are made.</summary>
    public const int Count = 4;

    // fp32: kernels sum in different orders. int8: our kernels are equal bit for bit, but QDQ leaves other engines free to round a value once more or once less.
    private const double Fp32Tolerance = 1e-4, Int8Tolerance = 0.1;

    /// <summary>Makes the vectors.</summary>
    /// <param name="engine">The package's network.</param>
    /// <param name="pictures">Where inputs come from, evenly spread; null takes seeded noise.</param>
    public static List<Golden> Make(IEngine engine, Pictures? pictures)
    {
        var golden = new List<Golden>();
        int count = Math.Min(Count, pictures?.Count ?? Count);
        for (int i = 0; i < count; i++)
        {
            var inputs = engine.Inputs.Select((info, k) => k == 0 && pictures is not null
                ? Tensor.From<float>(info.Shape, pictures.Read((int)((long)i * pictures.Count / count)))
                : Noise(info, seed: i * engine.Inputs.Count + k)).ToList();
            for (int k = 0; k < inputs.Count; k++) engine.SetInput(k, inputs[k].As<float>());
            engine.Run();
            golden.Add(new(inputs, [.. engine.Outputs.Select((info, k) => Output(engine, info, k))]));
        }

        return golden;
    }

    /// <summary>How far an engine's outputs may be from the recorded ones: a share of the largest of them.</summary>
    public static double MaxAbsDifference(IEnumerable<Golden> golden, bool isInt8)
    {
        float largest = golden.SelectMany(g => g.Outputs).SelectMany(o => o.ToFloats()).Max(Math.Abs);
        return largest * (isInt8 ? Int8Tolerance : Fp32Tolerance);
    }

    private static Tensor Output(IEngine engine, TensorInfo info, int index)
    {
        RequireFloat(info);
        float[] values = new float[info.Shape.ElementCount];
        engine.GetOutput<float>(index, values);
        return Tensor.From<float>(info.Shape, values);
    }

    // -2 .. 2, about what normalised pictures hold. System.Random with a seed is the same on every machine.
    private static Tensor Noise(TensorInfo info, int seed)
    {
        RequireFloat(info);
        var random = new Random(seed);
        float[] values = new float[info.Shape.ElementCount];
        for (int i = 0; i < values.Length; i++) values[i] = random.NextSingle() * 4 - 2;
        return Tensor.From<float>(info.Shape, values);
    }

    private static void RequireFloat(TensorInfo info)
    {
        if (info.Type != ElementType.Float32)
            throw EdgeException.BadInput($"'{info.Name}' is {info.Type}; a package's inputs and outputs are Float32, so convert the model to take and give that");
    }
}
