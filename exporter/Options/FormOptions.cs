using System.Globalization;
using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Architectures;

namespace ResNetEdge.Exporter.Options;

/// <summary>The options that say what a checkpoint cannot tell of its network.</summary>
internal static class FormOptions
{
    private const double MaxEpsilon = 1;

    private static readonly int[] OutputStrides = [1, 2, 4, 8, 16];

    /// <summary>For the verbs that take a checkpoint.</summary>
    public static IReadOnlyList<Option> All { get; } =
    [
        new("--activation", "NAME", $"For a checkpoint: the activation, usually relu: {ActivationFunctions.Names}, or leaky-relu:SLOPE."),
        new("--stride-on", "CONV",
            "For a checkpoint: the convolution of a bottleneck that strides: 3x3 (default) or 1x1 (Caffe's and MSRA's weights).")
        {
            Choices = ["3x3", "1x1"],
        },
        new("--bn-eps", "NUMBER", "For a checkpoint: added to the variance in BatchNorm; default 1e-5 as in PyTorch; TensorFlow and Keras use 1e-3."),
        new("--output-stride", "N",
            "For a checkpoint: stages that would go below 1/N of the picture (N is 1, 2, 4, 8 or 16) dilate instead of striding.")
        {
            Choices = [.. OutputStrides.Select(s => $"{s}")],
        },
        new("--stem-pool", "KIND", "For a checkpoint: pooling after the stem, max or none; default max after a 7x7 stem, else none.")
        {
            Choices = ["max", "none"],
        },
    ];

    /// <summary>Reads a command line.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public static NetworkForm Parse(Arguments arguments)
    {
        var usual = NetworkForm.Usual;
        return usual with
        {
            Activation = arguments.Value("--activation") is { } activation ? ActivationFunctions.Find(activation) : usual.Activation,
            StrideOn = arguments.Value("--stride-on") switch
            {
                null or "3x3" => BottleneckStride.On3x3,
                "1x1" => BottleneckStride.On1x1,
                var other => throw Arguments.Usage($"--stride-on must be 3x3 or 1x1, not '{other}'"),
            },
            Epsilon = arguments.Value("--bn-eps") is { } epsilon ? Epsilon(epsilon) : usual.Epsilon,
            OutputStride = arguments.Value("--output-stride") is { } stride ? OutputStride(stride) : null,
            StemPool = arguments.Value("--stem-pool") switch
            {
                null => null,
                "max" => true,
                "none" => false,
                var other => throw Arguments.Usage($"--stem-pool must be max or none, not '{other}'"),
            },
        };
    }

    private static double Epsilon(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double epsilon)
            && epsilon is > 0 and <= MaxEpsilon
            ? epsilon : throw Arguments.Usage($"--bn-eps must be a number above 0 and at most {MaxEpsilon}, such as 1e-3, not '{text}'");

    private static int OutputStride(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int stride) && OutputStrides.Contains(stride)
            ? stride : throw Arguments.Usage($"--output-stride must be one of {string.Join(", ", OutputStrides)}, not '{text}'");
}
