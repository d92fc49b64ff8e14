using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>One attribute that an operator may have: its name, its kind, and the values that are supported.</summary>
/// <param name="Name">As ONNX names it.</param>
/// <param name="Kind">The type that <see cref="Attributes"/> holds it in.</param>
internal sealed record AttributeRule(string Name, Type Kind)
{
    /// <summary>Whether ONNX demands it.</summary>
    public bool IsRequired { get; private init; }

    /// <summary>The only values that are supported; null where the operator itself looks at the value.</summary>
    public object[]? Supported { get; private init; }

    /// <summary>
    /// <c>consumed_inputs</c> of operator sets before 6: which inputs may be overwritten, which says nothing of the result. Reading a model drops it.
    /// </summary>
    public static AttributeRule ConsumedInputs { get; } = Ints("consumed_inputs");

    /// <summary>An integer.</summary>
    public static AttributeRule Int(string name) => new(name, typeof(long));

    /// <summary>A list of integers.</summary>
    public static AttributeRule Ints(string name) => new(name, typeof(long[]));

    /// <summary>A float.</summary>
    public static AttributeRule Float(string name) => new(name, typeof(float));

    /// <summary>A list of floats.</summary>
    public static AttributeRule Floats(string name) => new(name, typeof(float[]));

    /// <summary>A text.</summary>
    public static AttributeRule Text(string name) => new(name, typeof(string));

    /// <summary>A tensor.</summary>
    public static AttributeRule Value(string name) => new(name, typeof(Tensor));

    /// <summary>The body of an If, Loop or Scan.</summary>
    public static AttributeRule Body(string name) => new(name, typeof(Graph));

    /// <summary>The same attribute, without which a node is refused.</summary>
    public AttributeRule Required() => this with { IsRequired = true };

    /// <summary>The same attribute, refused with any other value than these.</summary>
    public AttributeRule Only(params object[] values) => this with { Supported = values };

    /// <summary>Refuses a value of another kind or one that is not supported.</summary>
    /// <exception cref="EdgeException">Exit 3, with node and attribute.</exception>
    public void Check(Node node)
    {
        object? value = node.Attributes[Name];
        if (value is null)
        {
            if (IsRequired) throw OperatorRules.Bad(node, $"attribute {Name} is missing");
            return;
        }

        if (value.GetType() != Kind) throw OperatorRules.Bad(node, $"attribute {Name} is {Words(value.GetType())} where {Words(Kind)} is expected");
        if (Supported is not null && !Supported.Contains(value))
            throw OperatorRules.Bad(
                node, FormattableString.Invariant($"attribute {Name} is {value}, which is not supported; only {string.Join(" or ", Supported)} is"));
    }

    private static string Words(Type kind) =>
        kind == typeof(long) ? "an integer"
        : kind == typeof(long[]) ? "a list of integers"
        : kind == typeof(float) ? "a float"
        : kind == typeof(float[]) ? "a list of floats"
        : kind == typeof(string) ? "a text"
        : kind == typeof(string[]) ? "a list of strings"
        : kind == typeof(Tensor) ? "a tensor"
        : "a graph";
}
