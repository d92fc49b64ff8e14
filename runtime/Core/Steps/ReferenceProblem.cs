using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>Any operator as its reference computes it: every value row-major, in its own type and shape. Any number of inputs and outputs.</summary>
internal sealed record ReferenceProblem : StepProblem
{
    /// <summary>Most inputs and most outputs of a node; their views have to fit a stack.</summary>
    public const int MaxValues = 64;

    /// <summary>The operator and its attributes.</summary>
    public required Node Node { get; init; }

    /// <summary>In the node's order; null where an optional input is left out.</summary>
    public required IReadOnlyList<ReferenceValue?> Inputs { get; init; }

    /// <summary>In the node's order; null where an optional output is left out.</summary>
    public required IReadOnlyList<ReferenceValue?> Outputs { get; init; }

    public override void Check()
    {
        if (Inputs.Count > MaxValues || Outputs.Count > MaxValues)
            throw new ArgumentException($"{Node} has {Inputs.Count} inputs and {Outputs.Count} outputs, more than {MaxValues}");
        foreach (var value in Inputs.Concat(Outputs))
        {
            if (value is not null && (value.Offset < 0 || value.Offset % value.Info.Type.Size() != 0))
                throw new ArgumentException($"'{value.Info.Name}' lies at {value.Offset}");
        }
    }

    protected override StepProblem Move(StepPlaces places) =>
        this with { Inputs = Move(Inputs, places.Reads), Outputs = Move(Outputs, places.Writes) };

    // Storages are those of the values that are there.
    private static ReferenceValue?[] Move(IReadOnlyList<ReferenceValue?> values, long[] storages)
    {
        int next = 0;
        return [.. values.Select(value => value is null ? null : value with { Offset = value.Offset + storages[next++] })];
    }
}

/// <summary>A value of a <see cref="ReferenceProblem"/>.</summary>
/// <param name="Info">Type and shape.</param>
/// <param name="Offset">Bytes from the arena's base to its first element.</param>
internal sealed record ReferenceValue(TensorInfo Info, long Offset);
