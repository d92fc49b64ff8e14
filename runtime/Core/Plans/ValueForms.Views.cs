using ResNetEdge.Model;

namespace ResNetEdge.Plans;

/// <summary>Values that no step computes: what others look like under another shape or with their axes in another order.</summary>
internal sealed partial class ValueForms
{
    private readonly Dictionary<string, ValueView> _sources = new(StringComparer.Ordinal);

    /// <summary>Notes that a value has the elements of another in the same row-major order, maybe under another shape.</summary>
    public void DeclareSameElements(string value, string source) =>
        Declare(value, new(source, static (strides, shape) => strides.Reshaped(shape), KeepsOrder: true));

    /// <summary>Notes that a value has elements of another, all or some of them, at strides that follow from the source's.</summary>
    public void DeclareMoved(string value, string source, Func<ElementStrides, ElementStrides> move) =>
        Declare(value, new(source, (strides, _) => move(strides), KeepsOrder: false));

    /// <summary>Whether a value can be had in a form without a step that makes it.</summary>
    public bool Exists(string value, ElementType type, Layout layout) => Normal(value, layout) == layout
        && (_forms.ContainsKey((value, type, layout)) || Lying(value, type).Any(found => InForm(value, found, layout) is not null));

    /// <summary>The layout in which a value of rank 4 can be had without a change of layout; channels innermost where it is all the same.</summary>
    public Layout Natural(string value, ElementType type)
    {
        if (OtherFloat(type) is { } counterpart && !Lying(value, type).Any() && Lying(value, counterpart).Any()) type = counterpart;
        if (Exists(value, type, Layout.Nhwc)) return Layout.Nhwc;
        if (Exists(value, type, Layout.Plain) || index.Constant(value) is not null) return Layout.Plain;
        if (!_sources.TryGetValue(value, out var view)) return Layout.Nhwc;
        if (IsSame(value, view)) return Natural(view.Source, type);
        return Lying(value, type).Any() ? Layout.Plain : Viewed(value, view, Natural(view.Source, type)) ?? Layout.Plain;
    }

    /// <summary>Where the elements of a value lie, for a step that reads strides; row-major where they do not lie as it needs them.</summary>
    /// <param name="value">Its name.</param>
    /// <param name="type">As for <see cref="Demand"/>.</param>
    /// <param name="fits">Whether the step can read such strides; row-major ones it can.</param>
    public StridedBuffer DemandStrided(string value, ElementType type, Func<ElementStrides, bool> fits)
    {
        string root = value;
        while (_sources.TryGetValue(root, out var view)) root = view.Source;
        if (!Lying(value, type).Any()) Demand(root, type, Natural(root, type));
        return Lying(value, type).FirstOrDefault(found => fits(found.Strides))
            ?? new(Demand(value, type, Layout.Plain), ElementStrides.RowMajor(index.Info(value).Shape));
    }

    private void Declare(string value, ValueView view)
    {
        _sources[value] = view;
        if (views.Of(view.Source) is { } quantized) _sources[views.Declare(value, quantized)] = view with { Source = quantized.Name };
    }

    private bool IsSame(string value, ValueView view) => view.KeepsOrder && index.Info(view.Source).Shape == index.Info(value).Shape;

    private PlanBuffer FromSource(string value, ValueView view, ElementType type, Layout layout)
    {
        if (IsSame(value, view)) return Demand(view.Source, type, layout);
        // The source may have no form yet, or none that this value can be read from: it is made in the one that serves here, or row-major.
        if (!Lying(value, type).Any())
            Demand(view.Source, type, Viewed(value, view, Layout.Nhwc) == layout ? Layout.Nhwc
                : Viewed(value, view, Layout.Plain) == layout ? Layout.Plain : Natural(view.Source, type));
        if (!Lying(value, type).Any()) Demand(view.Source, type, Layout.Plain);
        var forms = Lying(value, type).ToList();
        foreach (var form in forms)
            if (InForm(value, form, layout) is { } buffer) return buffer;
        var other = layout == Layout.Nhwc ? Layout.Plain : Layout.Nhwc;
        if (forms.Select(form => InForm(value, form, other)).FirstOrDefault(b => b is not null) is { } turned)
            return ChangeLayout(value, turned, layout);
        var to = NewBuffer(value, type);
        steps.Append(FormSteps.Move(OpTypes.Transpose, value, forms[0], to, ElementStrides.Of(index.Info(value).Shape, to, layout)));
        return to;
    }

    /// <summary>Every form of a value, or of what it is a view of, in which its elements lie at constant strides.</summary>
    private IEnumerable<StridedBuffer> Lying(string value, ElementType type)
    {
        var shape = index.Info(value).Shape;
        if (_forms.TryGetValue((value, type, Layout.Nhwc), out var picture))
            yield return new(picture, ElementStrides.Of(shape, picture, Layout.Nhwc));
        if (_forms.TryGetValue((value, type, Layout.Plain), out var plain)) yield return new(plain, ElementStrides.RowMajor(shape));
        if (!_sources.TryGetValue(value, out var view)) yield break;
        foreach (var (buffer, strides) in Lying(view.Source, type))
        {
            if (view.Of(strides, shape) is not { } viewed) continue;
            yield return new(buffer with { Inside = buffer.Inside.Moved(viewed.First * buffer.Type.Size()) }, viewed with { First = 0 });
        }
    }

    /// <summary>A form of a value without a step; null where its elements lie otherwise.</summary>
    private PlanBuffer? InForm(string value, StridedBuffer found, Layout layout)
    {
        var shape = PlanBuffer.ShapeOf(index.Info(value).Shape);
        var inside = layout == Layout.Nhwc ? found.Strides.AsNhwc(found.Buffer.Inside.Offset, found.Buffer.Type.Size())
            : found.Strides.IsRowMajor ? DenseInside(found.Buffer.Type, shape) with { Offset = found.Buffer.Inside.Offset } : null;
        // Other steps may read pixels with gaps between them, but no rows with some.
        return inside is { } place && place.IsDense(shape.Height, shape.Width) ? found.Buffer with { Shape = shape, Inside = place } : null;
    }

    /// <summary>The layout that a view has when its source is dense in a layout; null when it has none.</summary>
    private Layout? Viewed(string value, ValueView view, Layout source)
    {
        var from = index.Info(view.Source).Shape;
        if (Normal(view.Source, source) != source) return null;
        var dense = PlanBuffer.Dense(ElementType.UInt8, PlanBuffer.ShapeOf(from));
        if (view.Of(ElementStrides.Of(from, dense, source), index.Info(value).Shape) is not { } strides) return null;
        return Normal(value, Layout.Nhwc) == Layout.Nhwc && strides.AsNhwc(0, 1) is not null ? Layout.Nhwc : strides.IsRowMajor ? Layout.Plain : null;
    }
}
