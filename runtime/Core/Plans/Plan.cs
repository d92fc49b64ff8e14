using ResNetEdge.Model;

namespace ResNetEdge.Plans;

/// <summary>
/// A network ready to run on any arena: steps in order, bound to offsets. Immutable and free of activations, so that any number of
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

    /// <summary>Whether values of a float16 network are held and computed in float16.</summary>
    public bool ComputesHalf { get; init; }

    /// <summary>What an arena holds before its first run.</summary>
    public required IReadOnlyList<Storage> Initialized { get; init; }

    /// <summary>Bytes of packed weights and tables.</summary>
    public long PackedBytes => Steps.Sum(s => s.Kernel.PackedBytes);

    public void Dispose()
    {
        foreach (var step in Steps) step.Kernel.Dispose();
    }
}
