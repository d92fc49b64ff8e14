using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>Attributes of an old operator set that have been inputs since.</summary>
/// <param name="opType">The operator.</param>
/// <param name="attributes">[i] is what became input i + 1; empty where that input never was one.</param>
internal sealed class AttributesToInputs(string opType, params string[] attributes) : Conversion
{
    public override string OpType => opType;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool changed = Move(node, values, attributes);
        values.Add(node);
        return changed;
    }

    /// <summary>Moves the attributes that are there.</summary>
    public static bool Move(Node node, KnownValues values, params ReadOnlySpan<string> attributes)
    {
        bool changed = false;
        for (int i = 0; i < attributes.Length; i++)
        {
            string attribute = attributes[i];
            Tensor? value = attribute.Length == 0 ? null : node.Attributes[attribute] switch
            {
                float number => Tensor.Scalar(number),
                long[] integers => Tensor.Vector<long>(integers),
                _ => null,
            };
            if (value is null) continue;
            SetInput(node, i + 1, values.AddConstant($"{node.Name}.{attribute}", value));
            node.Attributes.Remove(attribute);
            changed = true;
        }

        return changed;
    }
}
