using System.Globalization;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>
/// What a checkpoint cannot tell: networks that differ in these fit the same names and shapes and compute something else. Assumed as most code has
/// it, unless the user says otherwise.
/// </summary>
internal sealed record NetworkForm
{
    /// <summary>torch.nn.BatchNorm2d's default; no checkpoint stores it.</summary>
    public const double UsualEpsilon = 1e-5;

    private static readonly double[] Epsilons = [UsualEpsilon, 1e-3]; // torch's, TensorFlow's and Keras's

    /// <summary>What is assumed unasked.</summary>
    public static NetworkForm Usual { get; } = new();

    /// <summary>Stands where the usual network has Relu.</summary>
    public ActivationFunction Activation { get; init; } = ActivationFunctions.Relu;

    /// <summary>Which convolution of a bottleneck strides.</summary>
    public BottleneckStride StrideOn { get; init; } = BottleneckStride.On3x3;

    /// <summary>Added to the variance in every BatchNormalization.</summary>
    public double Epsilon { get; init; } = UsualEpsilon;

    /// <summary>
    /// Pixels of the input to one of the last feature map: stages that would go beyond dilate instead of striding. Null: none does.
    /// </summary>
    public int? OutputStride { get; init; }

    /// <summary>Whether max pooling follows the stem; null: when the stem is 7x7.</summary>
    public bool? StemPool { get; init; }

    /// <summary>The forms that differ from this one in one thing.</summary>
    /// <param name="traits">Of the network, so that nothing is tried that it does not have.</param>
    public IEnumerable<NetworkForm> Neighbours(NetworkTraits traits)
    {
        foreach (var activation in ActivationFunctions.Tried.Where(a => a.Name != Activation.Name))
            yield return this with { Activation = activation };
        if (traits.HasStridedBottleneck)
            yield return this with { StrideOn = StrideOn == BottleneckStride.On3x3 ? BottleneckStride.On1x1 : BottleneckStride.On3x3 };
        foreach (double epsilon in Epsilons.Where(e => e != Epsilon)) yield return this with { Epsilon = epsilon };
        yield return this with { StemPool = !traits.HasStemPool };
        if (OutputStride is not null) yield return this with { OutputStride = null };
        else
        {
            for (int stride = traits.OutputStride / 2; stride >= Math.Max(1, traits.OutputStride / 4); stride /= 2)
                yield return this with { OutputStride = stride };
        }
    }

    /// <summary>The options that turn another form into this one, as typed.</summary>
    public string OptionsFrom(NetworkForm other)
    {
        var options = new List<string>();
        if (Activation.Name != other.Activation.Name) options.Add($"--activation {Activation.Name}");
        if (StrideOn != other.StrideOn) options.Add($"--stride-on {Name(StrideOn)}");
        if (Epsilon != other.Epsilon) options.Add($"--bn-eps {Number(Epsilon)}");
        if (OutputStride != other.OutputStride) options.Add(OutputStride is { } stride ? $"--output-stride {stride}" : "no --output-stride");
        if (StemPool != other.StemPool) options.Add($"--stem-pool {(StemPool == true ? "max" : "none")}");
        return string.Join(' ', options);
    }

    /// <summary>What was assumed of a network, in one line for people.</summary>
    public string Describe(NetworkTraits traits)
    {
        string stride = traits.HasStridedBottleneck ? $", stride on the {Name(StrideOn)} convolution of bottlenecks (--stride-on)" : "";
        return $"the checkpoint contains no graph; assumed: {Activation.Name} (--activation){stride}, "
            + $"BatchNorm epsilon {Number(Epsilon)} (--bn-eps), "
            + $"{(traits.HasStemPool ? "max pooling" : "no pooling")} after the stem (--stem-pool), "
            + $"output stride {traits.OutputStride} (--output-stride)";
    }

    private static string Name(BottleneckStride stride) => stride == BottleneckStride.On3x3 ? "3x3" : "1x1";

    private static string Number(double value) => value.ToString("0.#######", CultureInfo.InvariantCulture);
}
