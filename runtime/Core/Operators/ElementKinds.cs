using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>Kinds of element types that an input of an operator may have.</summary>
[Flags]
internal enum ElementKinds
{
    None = 0,

    /// <summary>Float16, BFloat16, Float32 and Float64.</summary>
    Floats = 1,

    /// <summary>Integers with a sign.</summary>
    Signed = 2,

    /// <summary>Integers without a sign.</summary>
    Unsigned = 4,

    /// <summary>True or false.</summary>
    Bool = 8,

    Integers = Signed | Unsigned,

    Numbers = Floats | Integers,

    All = Numbers | Bool,
}

/// <summary>Checks of element types.</summary>
internal static class ElementKindRules
{
    /// <summary>Whether a type is of one of these kinds.</summary>
    public static bool Include(this ElementKinds kinds, ElementType type) => (kinds & KindOf(type)) != ElementKinds.None;

    /// <summary>A required input of one of these kinds.</summary>
    /// <exception cref="EdgeException">Exit 3: it is missing, or of another kind.</exception>
    public static InputType OfKind(this ReadOnlySpan<InputType?> inputs, Node node, int index, ElementKinds kinds)
    {
        var input = inputs.Required(node, index);
        return kinds.Include(input.Type) ? input
            : throw OperatorRules.Bad(node, $"input {index} is {input.Type}; only {Words(kinds)} supported there");
    }

    private static ElementKinds KindOf(ElementType type) => type.IsFloat() ? ElementKinds.Floats
        : type.IsSigned() ? ElementKinds.Signed
        : type.IsUnsigned() ? ElementKinds.Unsigned
        : type == ElementType.Bool ? ElementKinds.Bool : ElementKinds.None;

    private static string Words(ElementKinds kinds) => kinds switch
    {
        ElementKinds.Floats => "floats are",
        ElementKinds.Bool => "Bool is",
        ElementKinds.Integers => "integers are",
        ElementKinds.Unsigned => "integers without a sign are",
        ElementKinds.Numbers => "numbers are",
        ElementKinds.Floats | ElementKinds.Signed => "floats and integers with a sign are",
        _ => "numbers and Bool are",
    };
}
