using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Blocks;

/// <summary>
/// A residual block of a float or QDQ graph: y = activation(branch(x) + shortcut(x)). Nothing but the block reads what lies between x and y.
/// </summary>
internal sealed record ResidualBlock
{
    /// <summary>The network's own name where its nodes have one, e.g. <c>layer2.3</c>; else the Add's. Unique within a graph.</summary>
    public required string Name { get; init; }

    /// <summary>The float value x. In a QDQ graph it bears the name that it has in the float graph.</summary>
    public required string Input { get; init; }

    /// <summary>The value that all paths through the block start from: <see cref="Input"/>, or its u8 form in a QDQ graph.</summary>
    public required string Entry { get; init; }

    /// <summary>The float value y, behind the activation if there is one.</summary>
    public required string Output { get; init; }

    /// <summary>Where branch and shortcut meet.</summary>
    public required Node Add { get; init; }

    /// <summary>The only reader of the Add, a Relu or Clip; null in a pre-activation block.</summary>
    public required Node? Activation { get; init; }

    /// <summary>The Add's input that the branch gives.</summary>
    public required string BranchOutput { get; init; }

    /// <summary>The Add's input that the shortcut gives.</summary>
    public required string ShortcutOutput { get; init; }

    /// <summary>What runs beside the branch.</summary>
    public required ShortcutKind Shortcut { get; init; }

    /// <summary>
    /// All nodes from the entry to the output, Add and activation among them, in the graph's order; weights' DequantizeLinear are not among them.
    /// </summary>
    public required IReadOnlyList<Node> Nodes { get; init; }

    /// <summary>Those of <see cref="Nodes"/> that only the branch needs.</summary>
    public required IReadOnlyList<Node> Branch { get; init; }

    /// <summary>Shape of x, [N,C,H,W].</summary>
    public required Shape InputShape { get; init; }

    /// <summary>Shape of y, [N,C',H',W'].</summary>
    public required Shape OutputShape { get; init; }

    /// <summary>Whether a new stage begins here: y has another shape than x.</summary>
    public bool ChangesShape => InputShape != OutputShape;
}
