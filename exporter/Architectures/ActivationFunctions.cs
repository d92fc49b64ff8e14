using System.Globalization;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>The table of nonlinearities, each composed of operators that ONNX opset 17 and the runtime have.</summary>
internal static class ActivationFunctions
{
    private const string LeakyName = "leaky-relu";
    private const double LeakySlope = 0.01; // torch.nn.LeakyReLU's default

    // Hendrycks and Gimpel, arXiv:1606.08415: x Φ(x) as 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))), which is x σ(2 √(2/π) (x + 0.044715 x³)).
    // Within 5e-4 of the exact function everywhere.
    private const double GeluScale = 1.5957691216057308, GeluCube = 0.044715;

    /// <summary>What <c>--activation</c> takes, the first being assumed unasked.</summary>
    public static IReadOnlyList<ActivationFunction> All { get; } =
    [
        new("relu", static x => Math.Max(0, x), static (net, y, x) => net.Compute(OpTypes.Relu, y, x)),
        new("relu6", static x => Math.Clamp(x, 0, 6),
            static (net, y, x) => net.Compute(OpTypes.Clip, y, x, net.Scalar($"{y}.low", 0), net.Scalar($"{y}.high", 6))),
        new("silu", static x => x / (1 + Math.Exp(-x)),
            static (net, y, x) => net.Compute(OpTypes.Mul, y, x, net.Compute(OpTypes.Sigmoid, $"{y}.gate", x))),
        new("gelu", static x => x / (1 + Math.Exp(-GeluScale * (x + GeluCube * x * x * x))), BuildGelu),
        Leaky(LeakyName, LeakySlope),
        new("hardswish", static x => x * Math.Clamp(x + 3, 0, 6) / 6, BuildHardSwish),
    ];

    /// <summary>All of them, and the slopes of leaky ReLU that are in use besides torch's (YOLO's, and those of GANs).</summary>
    public static IReadOnlyList<ActivationFunction> Tried { get; } = [.. All, Leaky("leaky-relu:0.1", 0.1), Leaky("leaky-relu:0.2", 0.2)];

    /// <summary>The function that is assumed unasked.</summary>
    public static ActivationFunction Relu => All[0];

    /// <summary>The names, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(static a => a.Name));

    /// <summary>The function of that name; <c>leaky-relu:0.2</c> has another slope than 0.01.</summary>
    /// <exception cref="EdgeException">Exit 2: there is none.</exception>
    public static ActivationFunction Find(string name)
    {
        if (name.StartsWith(LeakyName + ":", StringComparison.Ordinal)
            && double.TryParse(name.AsSpan(LeakyName.Length + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double slope)
            && slope is > 0 and < 1)
            return Leaky(name, slope);
        return All.FirstOrDefault(a => a.Name == name)
            ?? throw new EdgeException(
                FailureKind.Usage, $"--activation must be one of {Names}, or {LeakyName}:SLOPE with a slope between 0 and 1, not '{name}'");
    }

    // slope x + (1 - slope) max(0, x)
    private static ActivationFunction Leaky(string name, double slope) =>
        new(name, x => x < 0 ? slope * x : x, (net, y, x) => net.Compute(OpTypes.Add, y,
            net.Compute(OpTypes.Mul, $"{y}.leak", x, net.Scalar($"{y}.slope", (float)slope)),
            net.Compute(OpTypes.Mul, $"{y}.rest", net.Compute(OpTypes.Relu, $"{y}.relu", x), net.Scalar($"{y}.share", (float)(1 - slope)))));

    private static void BuildGelu(GraphBuilder net, string y, string x)
    {
        string cube = net.Compute(OpTypes.Mul, $"{y}.cube", net.Compute(OpTypes.Mul, $"{y}.square", x, x), x);
        string sum = net.Compute(OpTypes.Add, $"{y}.sum", x, net.Compute(OpTypes.Mul, $"{y}.part", cube, net.Scalar($"{y}.factor", (float)GeluCube)));
        net.Compute(OpTypes.Mul, y, x,
            net.Compute(OpTypes.Sigmoid, $"{y}.gate", net.Compute(OpTypes.Mul, $"{y}.scaled", sum, net.Scalar($"{y}.scale", (float)GeluScale))));
    }

    private static void BuildHardSwish(GraphBuilder net, string y, string x)
    {
        string moved = net.Compute(OpTypes.Add, $"{y}.moved", x, net.Scalar($"{y}.three", 3));
        string gate = net.Compute(OpTypes.Clip, $"{y}.gate", moved, net.Scalar($"{y}.low", 0), net.Scalar($"{y}.high", 6));
        net.Compute(OpTypes.Mul, y, x, net.Compute(OpTypes.Mul, $"{y}.sixth", gate, net.Scalar($"{y}.factor", 1 / 6f)));
    }
}
