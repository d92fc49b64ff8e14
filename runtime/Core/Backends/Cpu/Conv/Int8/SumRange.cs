using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>Least and largest value that the sum of an output channel can have, bias included; both are reached by some picture.</summary>
/// <param name="Low">bias - Σ |w| · (the furthest that x - zeroPoint goes against the sign of w).</param>
/// <param name="High">The same upwards.</param>
internal readonly record struct SumRange(long Low, long High)
{
    /// <summary>The larger magnitude of both ends.</summary>
    public long Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>The range of one output channel.</summary>
    public static SumRange Of(ConvInt8Problem p, int channel)
    {
        var weights = Weights(p, channel);
        long magnitude = WeightMagnitude.Of(weights), sum = WeightSums.Of(weights);
        long positive = (magnitude + sum) / 2, negative = (magnitude - sum) / 2;
        int below = p.InputZeroPoint, above = byte.MaxValue - below, bias = p.Bias[channel];
        return new SumRange(bias - below * positive - above * negative, bias + above * positive + below * negative);
    }

    /// <summary>Whether all sums of a channel are less than a limit in magnitude; often Σ |w| tells, which is quickly found.</summary>
    public static bool IsBelow(ConvInt8Problem p, int channel, long limit)
    {
        long width = byte.MaxValue * WeightMagnitude.Of(Weights(p, channel)); // From the least to the largest sum.
        return width + Math.Abs((long)p.Bias[channel]) < limit || (width / 2 < limit && Of(p, channel).Magnitude < limit);
    }

    /// <summary>
    /// All sums are below 2²², so that adding <see cref="FinishInt8.SmallSum"/> makes floats of them, and all results are below 2¹⁵.
    /// </summary>
    public static bool IsSmall(ConvInt8Problem p)
    {
        const long SumLimit = 1 << 22;
        const double MostResult = 32_000;
        if (p.FloatOutput || p.Branch is not null)
            return false;
        double shortcut = p.Residual is null ? 0 : 255.0 * p.Residual.Scale;
        for (int n = 0; n < p.Shape.OutputChannels; n++)
        {
            if (!IsBelow(p, n, SumLimit))
                return false;
            if (SumLimit * (double)p.Multiplier[n] + shortcut > MostResult && !ResultIsBelow(p, n, MostResult - shortcut))
                return false;
        }

        return true;
    }

    private static bool ResultIsBelow(ConvInt8Problem p, int channel, double limit) =>
        Of(p, channel).Magnitude * (double)p.Multiplier[channel] <= limit;

    private static ReadOnlySpan<sbyte> Weights(ConvInt8Problem p, int channel) => p.Weights.Span.Slice(channel * p.Shape.Depth, p.Shape.Depth);
}
