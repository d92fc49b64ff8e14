using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans;

/// <summary>Concat without copies: what is joined along the channels is written where it belongs, a slice of the wide buffer.</summary>
internal sealed class ConcatPlaces
{
    private readonly GraphIndex _index;
    private readonly QuantizedViews _views;
    private readonly StepList _steps;
    private readonly HalfForms _halves;
    private readonly Dictionary<(string Value, ElementType Type), PlanBuffer> _slices = [];
    private readonly Dictionary<Node, ConcatPlace> _concats = [];

    /// <summary>Gives every Concat its place, last first, so that of nested ones the inner is a slice of the outer.</summary>
    public ConcatPlaces(GraphIndex index, QuantizedViews views, StepList steps, HalfForms halves)
    {
        (_index, _views, _steps, _halves) = (index, views, steps, halves);
        var pictures = new PictureValues(index);
        foreach (var node in Enumerable.Reverse(index.Graph.Nodes))
            if (node.OpType == OpTypes.Concat && JoinsChannels(node) && pictures.Holds(node.Output)) Declare(node);
    }

    /// <summary>Where a Concat's output lies and in which form; null when it is none of pictures along the channels.</summary>
    public ConcatPlace? Of(Node concat) => _concats.GetValueOrDefault(concat);

    /// <summary>A buffer for a value whose step writes NHWC: its slice of a Concat's buffer if it has one, else a dense one.</summary>
    public PlanBuffer NewOutput(string value, ElementType type) =>
        _slices.Remove((value, type), out var slice) ? slice : _steps.NewBuffer(_index.Info(value), type);

    private bool JoinsChannels(Node node)
    {
        var info = _index.Info(node.Output);
        return info.Type == ElementType.Float32 && OperatorRules.Axis(node, node.Attributes.Int("axis", 0), info.Shape.Rank) == 1
            && node.Inputs.Append(node.Output).All(v => _index.Info(v).Shape.Rank == 4 && !PlanBuffer.IsLayoutFree(_index.Info(v).Shape));
    }

    private void Declare(Node node)
    {
        var view = _views.Common(node.Output);
        var type = view is null ? _halves.Of(node.Output) : ElementType.UInt8;
        var whole = NewOutput(node.Output, type);
        var parts = new PlanBuffer[node.Inputs.Count];
        int channel = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            var shape = PlanBuffer.ShapeOf(_index.Info(node.Inputs[i]).Shape);
            parts[i] = whole with { Shape = shape, Inside = whole.Inside.Moved(channel * type.Size()) };
            channel += shape.Channels;
            if (StoredAs(node.Inputs[i], view) is { } stored) _slices.TryAdd((stored, type), parts[i]);
        }

        _concats.Add(node, new ConcatPlace(whole, parts, view));
    }

    /// <summary>The value whose step stores what a Concat reads in exactly the Concat's form; null when a copy or conversion is needed.</summary>
    private string? StoredAs(string value, QuantizedView? view)
    {
        if (view is null) return value;
        if (_views.Of(value) is not { } read || !read.Fits(view) || _views.QuantizedFrom(read.Name) is not var (source, _)) return null;
        return IsStoredByItsStep(source) && _views.Common(source) is { } common && common.Fits(view) ? source : null;
    }

    /// <summary>Steps that round to the form that their readers want; a pooled maximum or a Slice keeps the form of its input.</summary>
    private bool IsStoredByItsStep(string value) =>
        _index.Producer(value) is { } maker && OperatorTable.TraitsOf(maker).RoundsToReaders;
}
