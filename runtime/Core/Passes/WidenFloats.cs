using ResNetEdge.Model;
using ResNetEdge.Passes.Conversions;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: inputs, outputs, constants and Casts of float16, bfloat16 or float64. After: float32, in which everything is computed here; engines
/// convert what the caller gives and gets, whose types are <see cref="Graph.EdgeTypes"/>. Values that were float16 are <see cref="Graph.Halves"/>.
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
        foreach (var value in graph.Inputs.Concat(graph.Outputs))
            if (IsOther(value.Type)) graph.EdgeTypes[value.Name] = value.Type;
        foreach (var node in graph.Nodes) CheckRounding(graph, node);
        HalfValues.Mark(graph);
        Widen(graph, found);
        if (found.Count == 0) return false;
        // What becomes of float16 depends on who computes it, and is said there.
        if (found.Where(static type => type != ElementType.Float16).ToList() is { Count: > 0 } others)
            graph.Notes.Add($"the model has {string.Join(" and ", others)} values; they are computed as Float32");
        return true;
    }

    private static bool IsOther(ElementType type) => type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64;

    // ONNX does not say how Cast makes the last bit of a BFloat16: its own tests cut the number off, other runtimes round it.
    private static void CheckRounding(Graph graph, Node node)
    {
        if (node.OpType is OpTypes.Cast or ConvertCastLike.CastLike && graph.EdgeTypes.GetValueOrDefault(node.Output) == ElementType.BFloat16)
            throw EdgeException.BadInput($"{node}: a cast to BFloat16 for the output '{node.Output}' is not supported; leave the output Float32");
    }

    private static void Widen(Graph graph, SortedSet<ElementType> found)
    {
        foreach (var (name, value) in graph.Initializers.Where(i => IsOther(i.Value.Type)).ToList())
        {
            found.Add(value.Type);
            graph.Initializers[name] = Widen(value, $"the constant '{name}'");
        }

        found.UnionWith(graph.Inputs.Concat(graph.Outputs).Select(static value => value.Type).Where(IsOther));
        Widen(graph.Inputs);
        Widen(graph.Outputs);
        Widen(graph.Declarations);
        foreach (var node in graph.Nodes) Widen(node, found);
    }

    private static void Widen(List<TensorInfo> infos)
    {
        for (int i = 0; i < infos.Count; i++)
            if (IsOther(infos[i].Type)) infos[i] = infos[i] with { Type = ElementType.Float32 };
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
            else if (node.Attributes[name] is Graph body)
            {
                var copy = body.Clone(); // copies of a node share its body
                Widen(copy, found);
                node.Attributes[name] = copy;
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
            : throw EdgeException.BadInput(
                $"{what} holds {value.As<double>()[tooLarge]}, which is too large for Float32; larger numbers are not supported");
    }

    private static int FirstTooLarge(ReadOnlySpan<double> values, ReadOnlySpan<float> floats)
    {
        for (int i = 0; i < values.Length; i++)
            if (double.IsFinite(values[i]) && !float.IsFinite(floats[i])) return i;
        return -1;
    }
}
