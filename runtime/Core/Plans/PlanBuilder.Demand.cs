using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>Values in the form that a step asks for.</summary>
internal sealed partial class PlanBuilder
{
    private readonly Dictionary<(string Value, ElementType Type, Layout Layout), PlanBuffer> _forms = [];
    private readonly Dictionary<(ElementType Type, byte Fill), Storage> _padding = [];

    /// <summary>Notes that a value exists in a form.</summary>
    public void Produced(string value, PlanBuffer buffer, Layout layout) => _forms[(value, buffer.Type, Normal(value, layout))] = buffer;

    /// <summary>Notes that a step stores the quantised form that its tail asks for, under every name it goes by.</summary>
    public void ProducedQuantized(Tail tail, PlanBuffer buffer)
    {
        foreach (var node in Consumers(tail.Output)) Produced(node.Output, buffer, Layout.Nhwc);
    }

    /// <summary>A value in the given form; converted by a step of its own where it does not exist yet.</summary>
    /// <param name="value">Its name.</param>
    /// <param name="type">Float32, UInt8 for quantised values, or the type of a value that is neither.</param>
    /// <param name="layout">NHWC only for rank 4.</param>
    public PlanBuffer Demand(string value, ElementType type, Layout layout)
    {
        layout = Normal(value, layout);
        if (!_forms.TryGetValue((value, type, layout), out var buffer))
            _forms[(value, type, layout)] = buffer = Make(value, type, layout);
        return buffer;
    }

    /// <summary>Whether a value can be had in a form without a step that makes it.</summary>
    public bool Exists(string value, ElementType type, Layout layout) => Normal(value, layout) == layout && _forms.ContainsKey((value, type, layout));

    /// <summary>Bytes that all hold one value, for taps outside the picture.</summary>
    public Storage Padding(ElementType type, byte fill, int bytes)
    {
        if (!_padding.TryGetValue((type, fill), out var storage) || storage.Bytes < bytes)
            _padding[(type, fill)] = storage = Own(new Storage(bytes) { Initialize = span => span.Fill(fill) }.Persist());
        return storage;
    }

    private PlanBuffer Make(string value, ElementType type, Layout layout)
    {
        if (_sameElements.TryGetValue(value, out string? source))
        {
            if (Info(source).Shape == Info(value).Shape) return Demand(source, type, layout);
            if (layout == Layout.Plain) return Demand(source, type, Layout.Plain) with { Shape = PlanBuffer.ShapeOf(Info(value).Shape), Inside = DenseInside(value, type) };
            return ChangeLayout(value, Demand(value, type, Layout.Plain), layout);
        }

        var other = layout == Layout.Nhwc ? Layout.Plain : Layout.Nhwc;
        if (_forms.TryGetValue((value, type, other), out var present)) return ChangeLayout(value, present, layout);
        if (type == ElementType.Float32 && View(value) is { } view) return Dequantize(value, view, layout);
        if (type == ElementType.UInt8 && _quantizations.TryGetValue(value, out var made))
        {
            // Quantising what already is quantised in the same way changes nothing.
            if (View(made.Source) is not { } through) return Quantize(value, made.Source, made.View, layout);
            return through.Fits(made.View) ? Demand(through.Name, type, layout) : Requantize(value, through, made.View, layout);
        }

        if (type == ElementType.Float32 && QuantizedConstant(value) is { } weights) return StoreConstant(value, Tensor.From<float>(weights.Values.Shape, weights.Dequantize()), layout);
        if (Graph.Constant(value) is { } constant && constant.Type == type) return StoreConstant(value, constant, layout);
        throw new InvalidOperationException($"value '{value}' is wanted as {type} {layout}, but no step has made it");
    }

    private static Placement DenseInside(ElementType type, NhwcShape shape) => PlanBuffer.Dense(type, shape).Inside;

    private Placement DenseInside(string value, ElementType type) => DenseInside(type, PlanBuffer.ShapeOf(Info(value).Shape));

    private Layout Normal(string value, Layout layout) => PlanBuffer.IsLayoutFree(Info(value).Shape) ? Layout.Plain : layout;

    private PlanBuffer Dequantize(string value, QuantizedView view, Layout layout)
    {
        PlanBuffer from = Demand(view.Name, ElementType.UInt8, layout), to = NewBuffer(value, ElementType.Float32);
        Append(new PlanStep("DequantizeLinear", value, new DequantizeLinearProblem
        {
            Shape = from.Shape,
            Input = from.Inside,
            Output = to.Inside,
            Scale = view.Scale,
            ZeroPoint = view.ZeroPoint,
        }, [from], [to]));
        return to;
    }

    private PlanBuffer Quantize(string value, string source, QuantizedView view, Layout layout)
    {
        PlanBuffer from = Demand(source, ElementType.Float32, layout), to = NewBuffer(value, ElementType.UInt8);
        Append(new PlanStep("QuantizeLinear", value, new QuantizeLinearProblem
        {
            Shape = from.Shape,
            Input = from.Inside,
            Output = to.Inside,
            Scale = view.Scale,
            ZeroPoint = view.ZeroPoint,
        }, [from], [to]));
        return to;
    }

    // A window of one element is exactly that: the difference to the zero point, multiplied, rounded.
    private PlanBuffer Requantize(string value, QuantizedView from, QuantizedView view, Layout layout)
    {
        PlanBuffer input = Demand(from.Name, ElementType.UInt8, layout), output = NewBuffer(value, ElementType.UInt8);
        var shape = input.Shape;
        Append(new PlanStep("Requantize", value, new AveragePoolProblem
        {
            Shape = new PoolShape { Batch = shape.Batch, InputHeight = shape.Height, InputWidth = shape.Width, Channels = shape.Channels, KernelHeight = 1, KernelWidth = 1 },
            Type = ElementType.UInt8,
            Input = input.Inside,
            Output = output.Inside,
            Multiplier = (double)from.Scale / view.Scale,
            InputZeroPoint = from.ZeroPoint,
            OutputZeroPoint = view.ZeroPoint,
        }, [input], [output]));
        return output;
    }

    private PlanBuffer ChangeLayout(string value, PlanBuffer from, Layout layout)
    {
        var to = NewBuffer(value, from.Type);
        if (from.Type is not (ElementType.Float32 or ElementType.UInt8))
            throw EdgeException.BadInput($"value '{value}' of type {from.Type} would have to change its layout, which is not supported");
        Append(layout == Layout.Nhwc
            ? new PlanStep("NchwToNhwc", value, new NchwToNhwcProblem
            {
                Shape = to.Shape,
                InputOffset = from.Inside.Offset,
                InputType = from.Type,
                Output = to.Inside,
                OutputType = to.Type,
            }, [from], [to])
            : new PlanStep("NhwcToNchw", value, new NhwcToNchwProblem
            {
                Shape = from.Shape,
                Input = from.Inside,
                InputType = from.Type,
                OutputOffset = to.Inside.Offset,
                OutputType = to.Type,
            }, [from], [to]));
        return to;
    }

    private PlanBuffer StoreConstant(string value, Tensor constant, Layout layout)
    {
        if (layout == Layout.Nhwc) return ChangeLayout(value, Demand(value, constant.Type, Layout.Plain), layout);
        var shape = PlanBuffer.ShapeOf(constant.Shape);
        byte[] bytes = constant.Bytes.ToArray(); // Arenas are made later, when the model's file may be gone.
        var storage = Own(new Storage(bytes.Length) { Initialize = span => bytes.CopyTo(span) }.Persist());
        return new PlanBuffer(storage, constant.Type, shape, DenseInside(constant.Type, shape));
    }
}
