using ResNetEdge.Model;

namespace ResNetEdge.Operators.Normalization;

/// <summary>A parameter that is broadcast to the shape of the input, and never the other way round.</summary>
internal static class Spread
{
    /// <summary>Refuses a parameter that does not fit.</summary>
    /// <exception cref="EdgeException">Exit 3: it has more dimensions, or one that is neither 1 nor the input's.</exception>
    public static void Check(Node node, Shape x, Shape parameter, int input)
    {
        bool fits = parameter.Rank <= x.Rank;
        for (int d = 1; fits && d <= parameter.Rank; d++) fits = parameter[^d] == 1 || parameter[^d] == x[^d];
        if (!fits) throw OperatorRules.Bad(node, $"input {input} has shape {parameter}, which cannot be broadcast to {x}");
    }

    /// <summary>Which element of the parameter belongs to an element of the input.</summary>
    public static int Offset(Shape parameter, Shape x, int index)
    {
        int offset = 0, stride = 1;
        for (int d = 1; d <= parameter.Rank; d++)
        {
            if (parameter[^d] != 1) offset += index % x[^d] * stride;
            index /= x[^d];
            stride *= parameter[^d];
        }

        return offset;
    }
}
