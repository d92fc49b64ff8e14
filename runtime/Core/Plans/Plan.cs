using ResNetEdge.Backends.Cpu;
using ResNetEdge.Model;

namespace ResNetEdge.Plans;

/// <summary>
/// A network ready to run on any arena: kernels in order, bound to offsets. Immutable and free of activations, so that any number of
/// sessions share it.
/// </summary>
internal sealed class Plan : IDisposable
{
    public required IReadOnlyList<PlanInput> Inputs { get; init; }

    /// <summary>Outputs in the model's own type; row-major in the model's own shape unless they were to stay as computed.</summary>
    public required IReadOnlyList<PlanOutput> Outputs { get; init; }

    /// <summary>What runs, in order.</summary>
    public required PreparedStep[] Steps { get; init; }

    /// <summary>Bytes of the arena: activations, inputs, outputs, padding and constants that steps read as activations.</summary>
    public required long ArenaBytes { get; init; }

    /// <summary>What an arena holds before its first run.</summary>
    public required IReadOnlyList<Storage> Initialized { get; init; }

    /// <summary>The tier that was asked for.</summary>
    public required KernelTier Tier { get; init; }

    /// <summary>Bytes of packed weights and tables.</summary>
    public long PackedBytes => Steps.Sum(s => s.Kernel.PackedBytes);

    public void Dispose()
    {
        foreach (var step in Steps) step.Kernel.Dispose();
    }
}

/// <summary>A step with its kernel.</summary>
/// <param name="Operation">What it does, for people: <c>Conv+Add+Relu</c>.</param>
/// <param name="Node">The graph node it stands for.</param>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="FusedAdds">Residual adds inside it.</param>
/// <param name="ActivationBytes">Elements read and written, each counted once.</param>
/// <param name="Kernel">The kernel, bound to its offsets.</param>
internal sealed record PreparedStep(string Operation, string Node, long Macs, int FusedAdds, long ActivationBytes, PreparedKernel Kernel);
