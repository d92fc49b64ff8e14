using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans;

/// <summary>Concat without copies: what is joined along the channels is written where it belongs, a slice of the wide buffer.</summary>
internal sealed partial class PlanBuilder
{
    private readonly Dictionary<(string Value, ElementType Type), PlanBuffer> _slices = [];
    private readonly Dictionary<Node, ConcatPlace> _concats = [];

    /// <summary>Where a Concat's output lies and in which form; null when it is none of pictures along the channels.</summary>
    public ConcatPlace? PlaceOf(Node concat) => _concats.GetValueOrDefault(concat);

    /// <summary>A buffer for a value whose step writes NHWC: its slice of a Concat's buffer if it has one, else a dense one.</summary>
    public PlanBuffer NewOutput(string value, ElementType type) =>
        _slices.Remove((value, type), out var slice) ? slice : NewBuffer(value, type);

    /// <summary>Gives every Concat its place, last first, so that of nested ones the inner is a slice of the outer.</summary>
    public void DeclareSlices()
    {
        for (int i = Graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = Graph.Nodes[i];
            if (node.OpType == "Concat" && JoinsChannels(node)) Declare(node);
        }
    }

    private bool JoinsChannels(Node node)
    {
        var info = Info(node.Output);
        return info.Type == ElementType.Float32 && OperatorRules.Axis(node, node.Attributes.Int("axis", 0), info.Shape.Rank) == 1
            && node.Inputs.Append(node.Output).All(v => Info(v).Shape.Rank == 4 && !PlanBuffer.IsLayoutFree(Info(v).Shape));
    }

    private void Declare(Node node)
    {
        var view = CommonQuantization(node.Output);
        var type = view is null ? ElementType.Float32 : ElementType.UInt8;
        var whole = NewOutput(node.Output, type);
        var parts = new PlanBuffer[node.Inputs.Count];
        int channel = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            var shape = PlanBuffer.ShapeOf(Info(node.Inputs[i]).Shape);
            parts[i] = whole with { Shape = shape, Inside = whole.Inside with { Offset = whole.Inside.Offset + channel * type.Size() } };
            channel += shape.Channels;
            if (StoredAs(node.Inputs[i], view) is { } stored) _slices.TryAdd((stored, type), parts[i]);
        }

        _concats.Add(node, new ConcatPlace(whole, parts, view));
    }

    /// <summary>The value whose step stores what a Concat reads in exactly the Concat's form; null when a copy or conversion is needed.</summary>
    private string? StoredAs(string value, QuantizedView? view)
    {
        if (view is null) return value;
        if (View(value) is not { } read || !read.Fits(view) || !_quantizations.TryGetValue(read.Name, out var made)) return null;
        return IsStoredByItsStep(made.Source) && CommonQuantization(made.Source) is { } common && common.Fits(view) ? made.Source : null;
    }

    /// <summary>Steps that round to the form that their readers want; a pooled maximum or a Slice keeps the form of its input.</summary>
    private bool IsStoredByItsStep(string value) => Producer(value) is { } node
        && (node.OpType is "Conv" or "Add" or "AveragePool" or "Concat" || OperatorTable.Of(node) is Elementwise);
}

/// <summary>Where a Concat's output lies.</summary>
/// <param name="Whole">All channels.</param>
/// <param name="Parts">The slice of each input.</param>
/// <param name="View">Scale and zero point when stored as u8; null when float.</param>
internal sealed record ConcatPlace(PlanBuffer Whole, PlanBuffer[] Parts, QuantizedView? View);
