using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>One step of a plan as data, before its buffers have places.</summary>
/// <param name="Operation">What it does, for people: <c>Conv+Add+Relu</c>.</param>
/// <param name="Node">The graph node that it stands for (the convolution of a fusion).</param>
/// <param name="Problem">What it computes, with places relative to the storages of what it reads and writes.</param>
/// <param name="Reads">Buffers read, in the problem's order.</param>
/// <param name="Writes">Buffers written, in the problem's order; at least one.</param>
internal sealed record PlanStep(string Operation, string Node, StepProblem Problem, PlanBuffer[] Reads, PlanBuffer[] Writes)
{
    /// <summary>Of <see cref="Reads"/>, one that may be overwritten with the result, element by element: the shortcut of a residual add.</summary>
    public PlanBuffer? InPlace { get; init; }

    /// <summary>What is read for pixels outside the picture, or null.</summary>
    public Storage? Padding { get; init; }

    /// <summary>Memory that the backend needs only while the step runs, or null.</summary>
    public Storage? Scratch { get; init; }

    /// <summary>The model's constant that the backend packs and then needs no more; empty when there is none of any size.</summary>
    public ReadOnlyMemory<byte> Weights { get; init; }

    /// <summary>Multiply-accumulates.</summary>
    public long Macs { get; init; }

    /// <summary>Residual adds done inside this step's one pass over its output.</summary>
    public int FusedAdds { get; init; }

    /// <summary>The problem with its places in the arena; valid once that is laid out.</summary>
    public StepProblem Bind() => Problem.Bind(new StepPlaces(Offsets(Reads), Offsets(Writes))
    {
        Padding = Padding?.Offset ?? 0,
        Scratch = Scratch is null ? null : new Scratch(Scratch.Offset, Scratch.Bytes),
    });

    private static long[] Offsets(PlanBuffer[] buffers) => [.. buffers.Select(b => b.Storage.Offset)];
}
