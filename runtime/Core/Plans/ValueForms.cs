using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>
/// The forms (element type and layout) in which each value exists so far. They are made on demand: a fusion asks for the form that it
/// wants, and only what is asked for is ever stored.
/// </summary>
internal sealed partial class ValueForms(GraphIndex index, QuantizedViews views, StepList steps)
{
    private readonly Dictionary<(string Value, ElementType Type, Layout Layout), PlanBuffer> _forms = [];
    private readonly Dictionary<(ElementType Type, byte Fill), Storage> _padding = [];

    /// <summary>Notes that a value exists in a form.</summary>
    public void Produced(string value, PlanBuffer buffer, Layout layout) => _forms[(value, buffer.Type, Normal(value, layout))] = buffer;

    /// <summary>Notes that a step stores the quantised form that all readers of a value ask for, under every name it goes by.</summary>
    public void ProducedQuantized(string value, PlanBuffer buffer)
    {
        foreach (var node in index.Consumers(value)) Produced(node.Output, buffer, Layout.Nhwc);
    }

    /// <summary>A value in the given form; converted by a step of its own where it does not exist yet.</summary>
    /// <param name="value">Its name.</param>
    /// <param name="type">Float32, Float16 where the plan has chosen it, UInt8 for quantised values, or the type of any other value.</param>
    /// <param name="layout">NHWC only for rank 4 and 5.</param>
    public PlanBuffer Demand(string value, ElementType type, Layout layout)
    {
        layout = Normal(value, layout);
        if (!_forms.TryGetValue((value, type, layout), out var buffer))
            _forms[(value, type, layout)] = buffer = Make(value, type, layout);
        return buffer;
    }

    /// <summary>Bytes that all hold one value, for taps outside the picture.</summary>
    public Storage Padding(ElementType type, byte fill, int bytes)
    {
        if (!_padding.TryGetValue((type, fill), out var storage) || storage.Bytes < bytes)
            _padding[(type, fill)] = storage = steps.Own(new Storage(bytes) { Initialize = span => span.Fill(fill) }.Persist());
        return storage;
    }

    private PlanBuffer Make(string value, ElementType type, Layout layout)
    {
        if (_sources.TryGetValue(value, out var view)) return FromSource(value, view, type, layout);
        var other = layout == Layout.Nhwc ? Layout.Plain : Layout.Nhwc;
        if (_forms.TryGetValue((value, type, other), out var present)) return ChangeLayout(value, present, layout);
        if (OtherFloat(type) is { } counterpart
            && (_forms.ContainsKey((value, counterpart, layout)) || _forms.ContainsKey((value, counterpart, other))))
            return Convert(value, counterpart, type, layout);
        if (type == ElementType.Float32 && views.Of(value) is { } quantized) return Dequantize(value, quantized, layout);
        if (type == ElementType.UInt8 && views.QuantizedFrom(value) is var (from, made))
        {
            // Quantising what already is quantised in the same way changes nothing.
            if (views.Of(from) is not { } through) return Quantize(value, from, made, layout);
            return through.Fits(made) ? Demand(through.Name, type, layout) : Requantize(value, through, made, layout);
        }

        if (type == ElementType.Float32 && views.Constant(value) is { } weights)
            return StoreConstant(value, Tensor.From<float>(weights.Values.Shape, weights.Dequantize()), layout);
        if (type == ElementType.Float16) return Convert(value, ElementType.Float32, type, layout); // a constant, or quantised before
        if (index.Constant(value) is { } constant && constant.Type == type) return StoreConstant(value, constant, layout);
        throw new InvalidOperationException($"value '{value}' is wanted as {type} {layout}, but no step has made it");
    }

    private static ElementType? OtherFloat(ElementType type) => type switch
    {
        ElementType.Float32 => ElementType.Float16,
        ElementType.Float16 => ElementType.Float32,
        _ => null,
    };

    private static Placement DenseInside(ElementType type, NhwcShape shape) => PlanBuffer.Dense(type, shape).Inside;

    private Layout Normal(string value, Layout layout) => PlanBuffer.IsLayoutFree(index.Info(value).Shape) ? Layout.Plain : layout;

    private PlanBuffer NewBuffer(string value, ElementType type) => steps.NewBuffer(index.Info(value), type);

    private PlanBuffer Dequantize(string value, QuantizedView view, Layout layout)
    {
        PlanBuffer from = Demand(view.Name, ElementType.UInt8, layout), to = NewBuffer(value, ElementType.Float32);
        steps.Append(FormSteps.Dequantize(value, from, to, view));
        return to;
    }

    private PlanBuffer Quantize(string value, string source, QuantizedView view, Layout layout)
    {
        PlanBuffer from = Demand(source, ElementType.Float32, layout), to = NewBuffer(value, ElementType.UInt8);
        steps.Append(FormSteps.Quantize(value, from, to, view));
        return to;
    }

    private PlanBuffer Convert(string value, ElementType from, ElementType to, Layout layout)
    {
        var source = Demand(value, from, layout);
        var result = source.HasBorder ? steps.Own(source.InSameBorder(to)) : NewBuffer(value, to);
        steps.Append(FormSteps.Convert(value, source, result));
        return result;
    }

    private PlanBuffer Requantize(string value, QuantizedView read, QuantizedView view, Layout layout)
    {
        PlanBuffer from = Demand(read.Name, ElementType.UInt8, layout), to = NewBuffer(value, ElementType.UInt8);
        steps.Append(FormSteps.Requantize(value, from, to, read, view));
        return to;
    }

    private PlanBuffer ChangeLayout(string value, PlanBuffer from, Layout layout)
    {
        var (to, shape) = (NewBuffer(value, from.Type), index.Info(value).Shape);
        var other = layout == Layout.Nhwc ? Layout.Plain : Layout.Nhwc;
        steps.Append(FormSteps.Move(
            layout == Layout.Nhwc ? "NchwToNhwc" : "NhwcToNchw", value, new(from, ElementStrides.Of(shape, from, other)), to,
            ElementStrides.Of(shape, to, layout)));
        return to;
    }

    private PlanBuffer StoreConstant(string value, Tensor constant, Layout layout)
    {
        if (layout == Layout.Nhwc) return ChangeLayout(value, Demand(value, constant.Type, Layout.Plain), layout);
        var shape = PlanBuffer.ShapeOf(constant.Shape);
        byte[] bytes = constant.Bytes.ToArray(); // Arenas are made later, when the model's file may be gone.
        var storage = steps.Own(new Storage(bytes.Length) { Initialize = span => bytes.CopyTo(span) }.Persist());
        return new PlanBuffer(storage, constant.Type, shape, DenseInside(constant.Type, shape));
    }
}
