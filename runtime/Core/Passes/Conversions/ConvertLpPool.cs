using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Norms under a window: p was a float before 2 and is an integer since; ceil_mode and dilations (since 18) opset 17 can say only as what they are
/// when they do nothing.
/// </summary>
internal sealed class ConvertLpPool(string opType) : Conversion
{
    public override string OpType => opType;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool changed = node.Attributes["p"] is float;
        if (node.Attributes["p"] is float p)
        {
            if (p is not (>= 1 and < int.MaxValue) || p != MathF.Floor(p))
                throw OperatorRules.Bad(node, FormattableString.Invariant($"p is {p}") + "; only whole numbers are supported");
            node.Attributes["p"] = (long)p;
        }

        if (node.Attributes.Ints("dilations") is { } dilations && Array.Exists(dilations, static d => d != 1))
            throw OperatorRules.Bad(node, "dilations are not supported");
        if (node.Attributes.Int("ceil_mode", 0) != 0) throw OperatorRules.Bad(node, "ceil_mode is not supported");
        changed |= Remove(node, "dilations", "ceil_mode");
        values.Add(node);
        return changed;
    }
}
