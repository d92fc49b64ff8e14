using ResNetEdge.Model;

namespace ResNetEdge.Operators.Normalization;

/// <summary>Checks that normalisations share.</summary>
internal static class NormalizationRules
{
    /// <summary>A required input of any float type.</summary>
    public static InputType AnyFloat(this ReadOnlySpan<InputType?> inputs, Node node, int index)
    {
        var input = inputs.Required(node, index);
        return input.Type.IsFloat() ? input : throw OperatorRules.Bad(node, $"input {index} is {input.Type}, which is not supported there");
    }

    /// <summary>A required input with one float for each channel.</summary>
    public static void CheckPerChannel(this ReadOnlySpan<InputType?> inputs, Node node, int index, int channels)
    {
        if (inputs.AnyFloat(node, index).Shape != new Shape(channels))
            throw OperatorRules.Bad(node, $"input {index} has shape {inputs[index]!.Shape}; {channels} values are expected");
    }

    /// <summary>Elements behind an axis.</summary>
    public static int CountBehind(Shape shape, int axis)
    {
        int count = 1;
        for (int d = axis + 1; d < shape.Rank; d++) count *= shape[d];
        return count;
    }
}
