using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Cli.Bench;

/// <summary>An input for timing only: seeded, the same for every engine and every run of the program.</summary>
internal static class RandomInput
{
    /// <summary>What reports call it.</summary>
    public const string Description = "seeded random values, floats from -2 to 2, integers 0";

    private const int Seed = 5;
    private const float Range = 4;

    /// <summary>One array an input. Integers are 0, which is a valid index everywhere.</summary>
    public static byte[][] For(IEngine engine)
    {
        var random = new Random(Seed);
        return [.. engine.Inputs.Select(info => Make(info, random))];
    }

    private static byte[] Make(TensorInfo info, Random random)
    {
        var bytes = new byte[info.ByteCount()];
        if (!info.Type.IsFloat()) return bytes;
        float[] values = new float[info.Shape.ElementCount];
        foreach (ref float value in values.AsSpan()) value = (random.NextSingle() - 0.5f) * Range;
        EdgeFloats.Narrow(info.Type, values, bytes);
        return bytes;
    }
}
