using ResNetEdge.Backends;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>
/// Which values of a network a plan holds in float16: those that its file has so, where the backend computes float16 faster than float32. All others
/// are float32, and a step between two forms converts.
/// </summary>
internal sealed class HalfForms
{
    private const int UsualChannels = 64;

    private readonly Graph _graph;
    private readonly IBackend _backend;

    public HalfForms(Graph graph, IBackend backend)
    {
        (_graph, _backend) = (graph, backend);
        IsUsed = graph.Halves.Count > 0 && IsPreferredBy(backend);
    }

    /// <summary>Whether any value is held in float16.</summary>
    public bool IsUsed { get; }

    /// <summary>Whether a backend has half arithmetic: computes a plain convolution of float16 in it.</summary>
    public static bool IsPreferredBy(IBackend backend) => backend.PrefersHalf(Convolution(new()
    {
        InputHeight = 1,
        InputWidth = UsualChannels,
        InputChannels = UsualChannels,
        OutputChannels = UsualChannels,
        KernelHeight = 1,
        KernelWidth = 1,
    }));

    /// <summary>Whether a value may be held in float16.</summary>
    public bool Holds(string value) => IsUsed && _graph.Halves.Contains(value);

    /// <summary>The type in which a step that moves elements leaves them.</summary>
    public ElementType Of(string value) => Holds(value) ? ElementType.Float16 : ElementType.Float32;

    /// <summary>Whether the step that makes a value is to compute in float16.</summary>
    /// <param name="value">What it gives, before what is fused behind it.</param>
    /// <param name="problem">The step in float16; places need not be there.</param>
    public bool Takes(string value, StepProblem problem) => Holds(value) && _backend.PrefersHalf(problem);

    /// <summary>Whether a convolution is to compute in float16, whose range has to hold its constants.</summary>
    public bool Takes(string value, ConvShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias) =>
        Takes(value, Convolution(shape)) && HalfNumbers.FirstBeyond(weights) < 0 && HalfNumbers.FirstBeyond(bias) < 0;

    private static ConvFp16Problem Convolution(ConvShape shape) =>
        new() { Shape = shape, Weights = default, Bias = [], Input = default, PaddingOffset = 0, Output = default };
}
