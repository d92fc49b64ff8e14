using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>What the rounds of a loop give, side by side along a new axis, and the single slices of what they read.</summary>
internal static class Stacks
{
    /// <summary>A value with a new axis of size 1.</summary>
    public static string Slice(Node node, string value, int axis, KnownValues values)
    {
        string slice = values.Fresh($"{node.Name}/slice"), axes = values.AddConstant($"{node.Name}/axes", Tensor.Vector((long)axis));
        values.Add(new Node(OpTypes.Unsqueeze, slice, [value, axes], [slice]));
        return slice;
    }

    /// <summary>The element at an index of an axis, without that axis.</summary>
    public static string Element(Node node, string value, int axis, int index, KnownValues values)
    {
        string element = values.Fresh($"{node.Name}/element"), at = values.AddConstant($"{node.Name}/index", Tensor.Scalar((long)index));
        values.Add(new Node(OpTypes.Gather, element, [value, at], [element]).With("axis", (long)axis));
        return element;
    }

    /// <summary>Slices side by side.</summary>
    /// <param name="node">For whom.</param>
    /// <param name="slices">Of size 1 along the axis.</param>
    /// <param name="axis">The new axis.</param>
    /// <param name="declared">What the file says of one round's value; needed where there is no round.</param>
    /// <param name="values">Gets the node.</param>
    /// <exception cref="EdgeException">Exit 3: there is no slice, and the file does not say what one would be.</exception>
    public static string Join(Node node, IReadOnlyList<string> slices, int axis, TensorInfo declared, KnownValues values)
    {
        if (slices.Count == 0)
        {
            if (declared.Type == ElementType.Undefined)
                throw OperatorRules.Bad(
                    node, $"it has no rounds, and the file does not declare the shape of '{declared.Name}'; that is not supported");
            return values.AddConstant($"{node.Name}/none", new Tensor(declared.Type, new Shape([0, .. declared.Shape.Dimensions]), default));
        }

        if (slices.Count == 1) return slices[0];
        string joined = values.Fresh($"{node.Name}/joined");
        values.Add(new Node(OpTypes.Concat, joined, slices, [joined]).With("axis", (long)axis));
        return joined;
    }
}
