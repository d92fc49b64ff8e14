using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: inputs, outputs, constants and Casts of float16, bfloat16 or float64. After: float32, in which everything is computed here; the caller
/// feeds and gets float32.
/// Half-precision constants keep their value; float64 is rounded once.
/// </summary>
internal sealed class WidenFloats : Pass
{
    private static readonly long[] Numbers = [(long)ElementType.Float16, (long)ElementType.BFloat16, (long)ElementType.Float64];

    // Exact but for float64 and for the roundings to half precision that are left out.
    public override double Bound => 1e-3;

    public override bool Run(Graph graph)
    {
        var found = new SortedSet<ElementType>();
        foreach (var (name, value) in graph.Initializers.Where(i => IsOther(i.Value.Type)).ToList())
        {
            found.Add(value.Type);
            graph.Initializers[name] = Widen(value, $"the constant '{name}'");
        }

        Widen(graph.Inputs, found);
        Widen(graph.Outputs, found);
        foreach (var node in graph.Nodes) Widen(node, found);
        if (found.Count == 0) return false;
        graph.Notes.Add($"the model has {string.Join(" and ", found)} values; they are computed as Float32, "
            + "and its inputs and outputs of that type are Float32 here");
        return true;
    }

    private static bool IsOther(ElementType type) => type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64;

    private static void Widen(List<TensorInfo> infos, SortedSet<ElementType> found)
    {
        for (int i = 0; i < infos.Count; i++)
        {
            if (!IsOther(infos[i].Type)) continue;
            found.Add(infos[i].Type);
            infos[i] = infos[i] with { Type = ElementType.Float32 };
        }
    }

    private static void Widen(Node node, SortedSet<ElementType> found)
    {
        foreach (string name in node.Attributes.Names.ToList())
        {
            if (node.Attributes[name] is Tensor value && IsOther(value.Type))
            {
                found.Add(value.Type);
                node.Attributes[name] = Widen(value, $"attribute {name} of {node}");
            }
            else if (name is "to" or "output_dtype" && node.Attributes[name] is long type && Numbers.Contains(type))
            {
                found.Add((ElementType)type);
                node.Attributes[name] = (long)ElementType.Float32;
            }
        }
    }

    private static Tensor Widen(Tensor value, string what)
    {
        float[] floats = value.ToFloats();
        int tooLarge = value.Type == ElementType.Float64 ? FirstTooLarge(value.As<double>(), floats) : -1;
        return tooLarge < 0
            ? Tensor.From<float>(value.Shape, floats)
            : throw EdgeException.BadInput($"{what} holds {value.As<double>()[tooLarge]}, which is too large for Float32");
    }

    private static int FirstTooLarge(ReadOnlySpan<double> values, ReadOnlySpan<float> floats)
    {
        for (int i = 0; i < values.Length; i++)
            if (double.IsFinite(values[i]) && !float.IsFinite(floats[i])) return i;
        return -1;
    }
}
