using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import;

/// <summary>Layers with weights, pools and elementwise functions.</summary>
internal sealed partial class ChannelsLastBuilder
{
    /// <summary>Adds a two-dimensional convolution.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">A picture.</param>
    /// <param name="weights">Name of a float value [M][C/groups][kH][kW].</param>
    /// <param name="filters">M, the number of output channels.</param>
    /// <param name="bias">Name of a float value [M], or null.</param>
    /// <param name="window">Kernel, strides, dilations, padding.</param>
    /// <param name="groups">At least 1; divides C and M.</param>
    public ChannelsLastValue Conv(string name, ChannelsLastValue x, string weights, int filters, string? bias, ChannelsLastWindow window, int groups)
    {
        var (pads, height, width) = Slide(name, Picture(name, x), window);
        return Node(OpTypes.Conv, name, ShapeOf(name, x.Shape[0], height, width, filters), bias is null ? [x.Name, weights] : [x.Name, weights, bias],
            ("kernel_shape", new long[] { window.KernelHeight, window.KernelWidth }),
            ("strides", new long[] { window.StrideHeight, window.StrideWidth }),
            ("dilations", new long[] { window.DilationHeight, window.DilationWidth }), ("pads", pads), ("group", (long)groups));
    }

    /// <summary>
    /// Pooling; an average counts only pixels inside the picture, as TensorFlow's does. A window of the whole picture is GlobalAveragePool.
    /// </summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">A picture.</param>
    /// <param name="window">Without dilation.</param>
    /// <param name="isMax">The largest, else the mean.</param>
    public ChannelsLastValue Pool(string name, ChannelsLastValue x, ChannelsLastWindow window, bool isMax)
    {
        var (pads, height, width) = Slide(name, Picture(name, x), window);
        var shape = ShapeOf(name, x.Shape[0], height, width, x.Shape[3]);
        if (!isMax && (window.KernelHeight, window.KernelWidth) == (x.Shape[1], x.Shape[2]) && pads.All(static p => p == 0))
            return Node(OpTypes.GlobalAveragePool, name, shape, [x.Name]);
        return Node(isMax ? OpTypes.MaxPool : OpTypes.AveragePool, name, shape, [x.Name],
            ("kernel_shape", new long[] { window.KernelHeight, window.KernelWidth }),
            ("strides", new long[] { window.StrideHeight, window.StrideWidth }), ("pads", pads));
    }

    /// <summary>Mean over height and width.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">A picture.</param>
    /// <param name="keepsAxes">[N][1][1][C], else [N][C].</param>
    public ChannelsLastValue GlobalAveragePool(string name, ChannelsLastValue x, bool keepsAxes)
    {
        var mean = Node(OpTypes.GlobalAveragePool, name, ShapeOf(name, Picture(name, x).Shape[0], 1, 1, x.Shape[3]), [x.Name]);
        return keepsAxes ? mean : Reshape($"{name}_flat", mean, new Shape(x.Shape[0], x.Shape[3]));
    }

    /// <summary>x · weightsᵀ + bias over the last axis of a matrix.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">[N][K].</param>
    /// <param name="weights">Name of a float value, [M][K], or [K][M] when not transposed.</param>
    /// <param name="outputs">M, the number of outputs.</param>
    /// <param name="bias">Name of a float value [M], or null.</param>
    /// <param name="isTransposed">Whether the weights are [M][K].</param>
    public ChannelsLastValue Dense(string name, ChannelsLastValue x, string weights, int outputs, string? bias, bool isTransposed) =>
        Node(OpTypes.Gemm, name, ShapeOf(name, x.Shape[0], outputs), bias is null ? [x.Name, weights] : [x.Name, weights, bias],
            ("transB", isTransposed ? 1L : 0L));

    /// <summary>Batch normalisation over the channels; each parameter is a float constant [C].</summary>
    public ChannelsLastValue BatchNorm(string name, ChannelsLastValue x, Tensor scale, Tensor shift, Tensor mean, Tensor variance, float epsilon)
    {
        foreach (var parameter in new[] { scale, shift, mean, variance })
        {
            if (parameter.Shape != new Shape(x.Shape[^1])) throw Fail(name, $"has parameters of shape {parameter.Shape} for {x.Shape[^1]} channels");
        }

        if (variance.As<float>().ToArray().Any(static v => v < 0)) throw Fail(name, "holds a negative variance; the file is damaged");
        return Node(OpTypes.BatchNormalization, name, x.Shape,
            [x.Name, Constant($"{name}.scale", scale), Constant($"{name}.shift", shift), Constant($"{name}.mean", mean),
                Constant($"{name}.variance", variance)],
            ("epsilon", epsilon));
    }

    /// <summary>A function of each element without attributes: Relu, Sigmoid, Identity.</summary>
    public ChannelsLastValue Elementwise(string opType, string name, ChannelsLastValue x) => Node(opType, name, x.Shape, [x.Name]);

    /// <summary>min(max(x, low), high).</summary>
    public ChannelsLastValue Clip(string name, ChannelsLastValue x, float low, float high) =>
        Node(OpTypes.Clip, name, x.Shape, [x.Name, Constant($"{name}.min", Tensor.Scalar(low)), Constant($"{name}.max", Tensor.Scalar(high))]);

    /// <summary>Softmax over the last axis.</summary>
    public ChannelsLastValue Softmax(string name, ChannelsLastValue x) =>
        Node(OpTypes.Softmax, name, x.Shape, [x.Name], ("axis", x.IsPicture ? 1L : -1L));

    /// <summary>x · Φ(x), where Φ is the normal distribution: Hendrycks and Gimpel, arXiv:1606.08415.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">Any rank.</param>
    /// <param name="isApproximate">x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))).</param>
    public ChannelsLastValue Gelu(string name, ChannelsLastValue x, bool isApproximate)
    {
        string Number(string what, double value) => Constant($"{name}.{what}", Tensor.Scalar((float)value));
        string Step(string opType, string what, params string[] inputs) => Node(opType, $"{name}_{what}", x.Shape, inputs).Name;
        string inner = isApproximate
            ? Step(OpTypes.Tanh, "tanh", Step(OpTypes.Mul, "scaled", Number("scale", Math.Sqrt(2 / Math.PI)), Step(
                OpTypes.Add, "bent", x.Name, Step(OpTypes.Mul, "cubed", Number("bend", 0.044715), Step(
                    OpTypes.Mul, "cube", x.Name, Step(OpTypes.Mul, "square", x.Name, x.Name))))))
            : Step(OpTypes.Erf, "erf", Step(OpTypes.Mul, "scaled", x.Name, Number("scale", Math.Sqrt(0.5))));
        string half = Step(OpTypes.Mul, "half", x.Name, Number("one_half", 0.5));
        return Node(OpTypes.Mul, name, x.Shape, [half, Step(OpTypes.Add, "shifted", inner, Number("one", 1))]);
    }

    /// <summary>A function of two values with broadcasting: Add, Max and others.</summary>
    public ChannelsLastValue Binary(string opType, string name, ChannelsLastValue a, ChannelsLastValue b)
    {
        int rank = Math.Max(a.Shape.Rank, b.Shape.Rank);
        (a, b) = (Widen(name, a, rank), Widen(name, b, rank));
        int[] shape = new int[rank];
        for (int d = 0; d < rank; d++)
        {
            if (a.Shape[d] != b.Shape[d] && a.Shape[d] != 1 && b.Shape[d] != 1)
                throw Fail(name, $"joins values of shape {a.Shape} and {b.Shape}, which do not fit");
            shape[d] = Math.Max(a.Shape[d], b.Shape[d]);
        }

        return Node(opType, name, ShapeOf(name, shape), [a.Name, b.Name]);
    }

    /// <summary>
    /// A value with new axes of one element in front. TensorFlow broadcasts from the last axis, which the graph has elsewhere: a value of fewer axes
    /// gets them first.
    /// </summary>
    public ChannelsLastValue Widen(string name, ChannelsLastValue x, int rank)
    {
        if (x.Shape.Rank == rank) return x;
        int[] shape = [.. Enumerable.Repeat(1, rank - x.Shape.Rank), .. x.Shape.Dimensions];
        return Reshape($"{name}_widened", x, new Shape(shape));
    }

    private (long[] Pads, int Height, int Width) Slide(string name, ChannelsLastValue x, ChannelsLastWindow window)
    {
        if (!window.IsSound) throw Fail(name, $"has an impossible window ({window})");
        var vertical = window.Along(x.Shape[1], isHeight: true);
        var horizontal = window.Along(x.Shape[2], isHeight: false);
        if (vertical.Output < 1 || horizontal.Output < 1)
            throw Fail(name, $"has a window of {window.KernelHeight}x{window.KernelWidth}, larger than its input {x.Shape}");
        return ([vertical.Before, horizontal.Before, vertical.After, horizontal.After], vertical.Output, horizontal.Output);
    }
}
