using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Architectures;

/// <summary>
/// Builds a network's graph layer by layer: each method takes its parameters by prefix, checks their shapes against the feature map, and adds
/// nodes named after the prefix. fp32, NCHW, batch 1, opset 17; semantics and defaults are torch.nn's. When a parameter does not fit,
/// <see cref="ParameterSource.Mismatches"/> has it and the graph is not a network: its maker must look.
/// </summary>
/// <param name="parameters">Where weights come from.</param>
/// <param name="height">Input height in pixels.</param>
/// <param name="width">Input width in pixels.</param>
/// <param name="form">What the checkpoint cannot tell.</param>
internal sealed class GraphBuilder(ParameterSource parameters, int height, int width, NetworkForm form)
{
    /// <summary>The graph's input, [1,C,H,W].</summary>
    public const string InputName = "input";

    /// <summary>The graph's output, [1,classes].</summary>
    public const string OutputName = "logits";

    /// <summary>Kernel of the stem of networks for large pictures; max pooling follows it.</summary>
    public const int LargeStem = 7;

    private int _outputStride = 1, _dilation = 1;
    private bool _hasStridedBottleneck, _hasStemPool;

    /// <summary>The graph so far; initializers keep the checkpoint's element types until recovery ends.</summary>
    public Graph Graph { get; } = new();

    /// <summary>Where weights come from, for declarations that look before they build.</summary>
    public ParameterSource Parameters => parameters;

    /// <summary>What has been built so far, in the terms of <see cref="NetworkForm"/>.</summary>
    public NetworkTraits Traits => new(_hasStridedBottleneck, _hasStemPool, _outputStride, _dilation > 1);

    /// <summary>The input, with the channels that the first convolution wants.</summary>
    public Activation Input(string firstConv)
    {
        var x = Reached(firstConv, parameters.Peek($"{firstConv}.weight", 1, 1, 1, 1)[1], height, width) with { Name = InputName };
        Graph.Inputs.Add(new TensorInfo(InputName, ElementType.Float32, new Shape(1, x.Channels, height, width)));
        return x;
    }

    /// <summary>The stem's convolution, and what follows it up to the pooling, which the form may have or not.</summary>
    public Activation Stem(string prefix, int kernel, int stride, Func<Activation, Activation> follow)
    {
        _outputStride *= stride;
        var x = follow(Conv(prefix, Input(prefix), kernel, stride));
        _hasStemPool = form.StemPool ?? kernel == LargeStem;
        if (!_hasStemPool) return x;
        _outputStride *= 2;
        return MaxPool("maxpool", x);
    }

    /// <summary>
    /// The place of a stage's first block, which strides unless the form says that it dilates instead (torchvision's replace_stride_with_dilation).
    /// </summary>
    public BlockPlace Stage(int stride)
    {
        int before = _dilation;
        if (stride > 1 && form.OutputStride is { } most && _outputStride * stride > most)
        {
            _dilation *= stride;
            return new(1, before, _dilation);
        }

        _outputStride *= stride;
        return new(stride, before, _dilation);
    }

    /// <summary>Stride of the first and of the second convolution of a bottleneck.</summary>
    public (int First, int Second) BottleneckStrides(int stride)
    {
        _hasStridedBottleneck |= stride > 1;
        return form.StrideOn == BottleneckStride.On1x1 ? (stride, 1) : (1, stride);
    }

    /// <summary>
    /// A square convolution with padding dilation·(kernel-1)/2 and a bias if the checkpoint has
    /// one. Groups are inferred from the weight's shape when allowed.
    /// </summary>
    public Activation Conv(string prefix, Activation x, int kernel, int stride = 1, bool grouped = false, int dilation = 1)
    {
        var shape = parameters.Peek($"{prefix}.weight", x.Channels, x.Channels, kernel, kernel);
        int filters = shape[0], perGroup = shape[1];
        int groups = grouped && perGroup > 0 && x.Channels % perGroup == 0 ? x.Channels / perGroup : 1;
        if (filters % groups != 0) parameters.Misfit($"{prefix}.weight", $"has {filters} output channels for {groups} groups");
        List<string> inputs = [x.Name, Take($"{prefix}.weight", [filters, x.Channels / groups, kernel, kernel])];
        if (parameters.Has($"{prefix}.bias")) inputs.Add(Take($"{prefix}.bias", [filters]));

        long pad = (long)dilation * (kernel - 1) / 2;
        Graph.Add(new Node(OpTypes.Conv, prefix, inputs, [prefix])
            .With("kernel_shape", new long[] { kernel, kernel }).With("strides", new long[] { stride, stride })
            .With("pads", new[] { pad, pad, pad, pad }).With("dilations", new long[] { dilation, dilation }).With("group", (long)groups));
        return Reached(prefix, filters, Sliding(x.Height, kernel, stride), Sliding(x.Width, kernel, stride));
    }

    /// <summary>Batch normalisation with stored statistics.</summary>
    public Activation BatchNorm(string prefix, Activation x)
    {
        string[] inputs =
        [
            x.Name, Take($"{prefix}.weight", [x.Channels]), Take($"{prefix}.bias", [x.Channels]),
            Take($"{prefix}.running_mean", [x.Channels], trainable: false), Take($"{prefix}.running_var", [x.Channels], trainable: false),
        ];
        if (Graph.Constant($"{prefix}.running_var")?.ToFloats().Any(static v => v < 0) == true)
            throw EdgeException.BadInput(
                $"{parameters.FileName}: '{prefix}.running_var' holds a negative variance; the file is damaged, use another checkpoint");
        parameters.Skip($"{prefix}.num_batches_tracked");
        Graph.Add(new Node(OpTypes.BatchNormalization, prefix, inputs, [prefix]).With("epsilon", (float)form.Epsilon));
        return x with { Name = prefix };
    }

    /// <summary>The form's nonlinearity; max(x, 0) unless the user says otherwise.</summary>
    public Activation Activate(string name, Activation x)
    {
        form.Activation.Build(this, name, x.Name);
        return x with { Name = name };
    }

    /// <summary>Adds a node without attributes that bears the name of its output, and returns that name.</summary>
    public string Compute(string operation, string name, params ReadOnlySpan<string> inputs) =>
        Graph.Add(new Node(operation, name, [.. inputs], [name]));

    /// <summary>Adds a float constant and returns its name.</summary>
    public string Scalar(string name, float value) => Graph.Add(name, Tensor.Scalar(value));

    /// <summary>A residual add.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="branch">The block's branch.</param>
    /// <param name="shortcut">Its shortcut.</param>
    /// <param name="lastParameter">The parameter that decided the branch's shape; blamed when the two differ.</param>
    public Activation Add(string name, Activation branch, Activation shortcut, string lastParameter)
    {
        if (branch with { Name = "" } != shortcut with { Name = "" })
        {
            parameters.Misfit(lastParameter, $"produces {branch.Channels} channels of {branch.Height}x{branch.Width} "
                + $"where the shortcut has {shortcut.Channels} of {shortcut.Height}x{shortcut.Width}");
        }

        Graph.Add(new Node(OpTypes.Add, name, [branch.Name, shortcut.Name], [name]));
        return branch with { Name = name };
    }

    // 3x3, stride 2, padding 1: the stem of residual networks for large pictures.
    private Activation MaxPool(string name, Activation x)
    {
        Graph.Add(new Node(OpTypes.MaxPool, name, [x.Name], [name])
            .With("kernel_shape", new long[] { 3, 3 }).With("strides", new long[] { 2, 2 }).With("pads", new long[] { 1, 1, 1, 1 }));
        return Reached(name, x.Channels, Sliding(x.Height, 3, 2), Sliding(x.Width, 3, 2));
    }

    /// <summary>Every second row and column: H and W become their halves, rounded up.</summary>
    public Activation Subsample(string name, Activation x)
    {
        Graph.Add(new Node(OpTypes.Slice, name,
            [
                x.Name, Constant($"{name}.starts", 0, 0), Constant($"{name}.ends", x.Height, x.Width),
                Constant($"{name}.axes", 2, 3), Constant($"{name}.steps", 2, 2),
            ], [name]));
        return Reached(name, x.Channels, Sliding(x.Height, 1, 2), Sliding(x.Width, 1, 2));
    }

    /// <summary>Channels of zeros before and behind.</summary>
    public Activation PadChannels(string name, Activation x, int before, int behind)
    {
        Graph.Add(new Node(OpTypes.Pad, name,
            [x.Name, Constant($"{name}.pads", 0, before, 0, 0, 0, behind, 0, 0), Graph.Add($"{name}.value", Tensor.Scalar(0f))], [name]));
        return Reached(name, x.Channels + before + behind, x.Height, x.Width);
    }

    /// <summary>Global average pooling and the fully connected classifier; ends the graph.</summary>
    public void Classifier(string prefix, Activation x)
    {
        int classes = Math.Max(1, parameters.Peek($"{prefix}.weight", 1, x.Channels)[0]);
        Graph.Add(new Node(OpTypes.GlobalAveragePool, "avgpool", [x.Name], ["avgpool"]));
        Graph.Add(new Node(OpTypes.Flatten, "flatten", ["avgpool"], ["flatten"]).With("axis", 1L));
        List<string> inputs = ["flatten", Take($"{prefix}.weight", [classes, x.Channels])];
        if (parameters.Has($"{prefix}.bias")) inputs.Add(Take($"{prefix}.bias", [classes]));
        Graph.Add(new Node(OpTypes.Gemm, prefix, inputs, [OutputName]).With("transB", 1L));
        Graph.Outputs.Add(new TensorInfo(OutputName, ElementType.Float32, new Shape(1, classes)));
    }

    private static int Sliding(int size, int kernel, int stride) => (size + 2 * ((kernel - 1) / 2) - kernel) / stride + 1;

    // Sizes that no tensor can have are a misfit, and building goes on with one channel.
    private Activation Reached(string name, int channels, int height, int width)
    {
        if ((long)channels * height * width is > 0 and <= Shape.MaxElements) return new Activation(name, channels, height, width);
        parameters.Misfit($"{name}.weight", $"would produce a feature map of {channels}x{height}x{width}");
        return new Activation(name, 1, height, width);
    }

    private string Take(string name, ReadOnlySpan<int> dimensions, bool trainable = true)
    {
        if (parameters.Take(name, dimensions, trainable) is { } tensor) Graph.Add(name, tensor);
        return name;
    }

    private string Constant(string name, params ReadOnlySpan<long> values) => Graph.Add(name, Tensor.Vector(values));
}
