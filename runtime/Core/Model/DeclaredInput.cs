namespace ResNetEdge.Model;

/// <summary>A dimension of an input as a model file declares it.</summary>
/// <param name="Size">Elements along it; null where the file leaves it open.</param>
/// <param name="Symbol">Name of an open dimension, or empty; open dimensions of one name have one size.</param>
internal readonly record struct DeclaredDimension(long? Size, string Symbol)
{
    /// <summary>Whether the file says 0, which some exporters write for an open dimension and others mean.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>As people write it: its size, its name, or a question mark.</summary>
    public override string ToString() => Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (Symbol.Length > 0 ? Symbol : "?");
}

/// <summary>An input as a model file declares it; some of its dimensions may be open.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Dimensions">Outermost first.</param>
internal sealed record DeclaredInput(string Name, ElementType Type, DeclaredDimension[] Dimensions)
{
    /// <summary>Whether the batch, the first of several dimensions, is open.</summary>
    public bool HasOpenBatch => Dimensions.Length > 1 && Dimensions[0].Size is null;

    /// <summary>The sizes of all dimensions; an open batch is 1.</summary>
    /// <param name="model">What messages call the model.</param>
    /// <exception cref="EdgeException">BadInput: another dimension is open.</exception>
    public long[] Sizes(string model)
    {
        var sizes = new long[Dimensions.Length];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            sizes[axis] = Dimensions[axis].Size ?? (axis == 0 && HasOpenBatch ? 1 : throw StillOpen(model, axis));
        }

        return sizes;
    }

    private EdgeException StillOpen(string model, int axis)
    {
        string name = Dimensions[axis].Symbol.Length > 0 ? $"'{Dimensions[axis].Symbol}'" : "unknown";
        return EdgeException.BadInput($"{model}: input '{Name}' has the dynamic dimension {axis} ({name}); only the batch may be open: "
            + "give the input's shape when opening the model (resnetedge --input-shape, SessionOptions.Shapes), or export it with a fixed one");
    }

    /// <summary>As people write it: <c>Nx3x224x224</c>.</summary>
    public string ShapeText => Dimensions.Length == 0 ? "scalar" : string.Join('x', Dimensions);
}
