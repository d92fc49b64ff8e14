using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>What the convolutions of every arithmetic share.</summary>
internal static class ConvRules
{
    /// <summary>Shape of the output of x [N][C][spatial axes] and w [M][C/group][kernel].</summary>
    /// <exception cref="EdgeException">Exit 3: shapes that do not fit each other or the attributes.</exception>
    public static Shape Output(Node node, Shape x, Shape w)
    {
        if (w.Rank < 3) throw OperatorRules.Bad(node, $"its weights have shape {w}; outputs, inputs and a kernel are expected");
        var axes = WindowAxis.Resolve(node, x, w.Dimensions[2..], stackalloc WindowAxis[WindowAxis.Most]);
        long groups = node.Attributes.Int("group", 1);
        if (groups < 1 || groups > int.MaxValue || w[0] % groups != 0 || x[1] != w[1] * groups)
            throw OperatorRules.Bad(node, $"{x[1]} input channels do not fit weights {w} in {groups} groups");
        int[] shape = [.. x.Dimensions];
        shape[1] = w[0];
        for (int d = 0; d < axes.Length; d++) shape[d + 2] = axes[d].Output;
        return OperatorRules.ShapeOf(node, shape);
    }
}
