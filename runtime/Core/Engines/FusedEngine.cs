using System.Diagnostics;
using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Backends.Cpu.Threading;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Plans;
using ResNetEdge.Preprocess;
using ResNetEdge.Steps;

namespace ResNetEdge.Engines;

/// <summary>Our own engine: a plan, an arena, and the threads that go through it. Pure C#, no native library.</summary>
internal sealed unsafe class FusedEngine : IEngine
{
    /// <summary>As on the command line.</summary>
    public const string EngineName = "fused";

    private const nuint ArenaAlignment = 4096;

    private readonly FusedModel _model;
    private readonly EngineOptions _options;
    private readonly PreparedKernel[] _kernels;
    private readonly ThreadTeam _team;
    private byte* _arena;

    /// <summary>Plans a graph for this engine alone.</summary>
    /// <exception cref="EdgeException">Exit 3: the network cannot be run; exit 5: the tier asked for is not there.</exception>
    public FusedEngine(Graph graph, EngineOptions options) : this(new FusedModel(graph, options), options) => _model.Dispose();

    /// <summary>Plans a model for this engine alone and lets its file go.</summary>
    /// <exception cref="EdgeException">Exit 3: the network cannot be run; exit 5: the tier asked for is not there.</exception>
    public FusedEngine(ModelSource source, EngineOptions options) : this(FusedModel.Load(source, options), options) => _model.Dispose();

    /// <summary>A further engine on a model that others may run at the same time.</summary>
    public FusedEngine(FusedModel model, EngineOptions options)
    {
        (_model, _options) = (model, options);
        _kernels = [.. model.Plan.Steps.Select(step => (PreparedKernel)step.Kernel)];
        _team = new ThreadTeam(options.Threads, WorkerPool.Shared);
        (Inputs, Outputs) = (model.Inputs, model.Outputs);
        nuint bytes = (nuint)model.Plan.ArenaBytes;
        _arena = (byte*)NativeMemory.AlignedAlloc(bytes, ArenaAlignment);
        NativeMemory.Clear(_arena, bytes);
        foreach (var storage in model.Plan.Initialized) storage.Initialize!(new Span<byte>(_arena + storage.Offset, checked((int)storage.Bytes)));
        model.Share();
    }

    public string Name => EngineName;

    public IEngine Fork(int? threads = null)
    {
        int own = threads ?? _options.Threads;
        // The plan has room for no more parts.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(own, _options.Threads, nameof(threads));
        return new FusedEngine(_model, _options with { Threads = own });
    }

    /// <summary>Kernels of this tier and lower ones run it.</summary>
    public KernelTier Tier => _model.Tier;

    public long MemoryBytes => Plan.ArenaBytes + Plan.PackedBytes;

    /// <summary>What it runs.</summary>
    public Plan Plan => _model.Plan;

    public IReadOnlyList<string> Notes => _model.Notes;

    public IReadOnlyList<TensorInfo> Inputs { get; }

    public IReadOnlyList<TensorInfo> Outputs { get; }

    public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged
    {
        var (info, input, given) = (Inputs[index], Plan.Inputs[index], ElementTypes.Of<T>());
        if (!given.StandsFor(info.Type) || values.Length != info.Shape.ElementCount)
            throw new ArgumentException($"{values.Length} values of {typeof(T).Name} for input '{info.Name}', which is {info.Type}[{info.Shape}]");
        var bytes = MemoryMarshal.AsBytes(values);
        // Bits of BFloat16 come as UInt16.
        var from = given == ElementType.UInt16 ? info.Type : given;
        if (input.Layout == Layout.Nhwc) FillImages(index, from, bytes);
        else if (from == input.Info.Type) bytes.CopyTo(new Span<byte>(_arena + input.Buffer.Offset, bytes.Length));
        else EdgeFloats.Widen(from, bytes, new Span<float>(_arena + input.Buffer.Offset, values.Length));
    }

    public InputBuffer ImageInput(int index, int image = 0)
    {
        var input = Plan.Inputs[index];
        var shape = input.Info.Shape;
        if (!PlainImage.Takes(input.Info)) throw EdgeException.BadInput($"input '{input.Info.Name}' ({input.Info.Type}[{shape}]) is not a picture");
        if (input.Layout == Layout.Plain) return PlainImage.Of(_arena + input.Buffer.Offset, input.Info, image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)image, (uint)shape[0]);
        var place = input.Buffer.Placement;
        int size = input.Buffer.Type.Size();
        return new InputBuffer
        {
            Data = _arena + place.Offset + image * place.ImageStride,
            Type = input.Buffer.Type,
            Channels = shape[1],
            Height = shape[2],
            Width = shape[3],
            ChannelStride = size,
            RowStride = place.RowStride,
            PixelStride = place.PixelStride,
            Steps = input.Steps,
        };
    }

    public void Run() => Run([]);

    /// <summary>Runs the network and notes the time (<see cref="Stopwatch"/>) before the first step and after each.</summary>
    /// <param name="times">One more than there are steps; or empty, and nothing is noted.</param>
    public void Run(Span<long> times)
    {
        _team.Begin();
        try
        {
            if (!times.IsEmpty) times[0] = Stopwatch.GetTimestamp();
            for (int i = 0; i < _kernels.Length; i++)
            {
                _team.Run(_kernels[i], _arena);
                if (!times.IsEmpty) times[i + 1] = Stopwatch.GetTimestamp();
            }
        }
        finally
        {
            _team.End();
        }
    }

    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged
    {
        var (info, (made, buffer, layout, _), wanted) = (Outputs[index], Plan.Outputs[index], ElementTypes.Of<T>());
        if (!wanted.StandsFor(info.Type) || values.Length != info.Shape.ElementCount)
            throw new ArgumentException(
                $"a buffer of {values.Length} values of {typeof(T).Name} for output '{info.Name}', which is {info.Type}[{info.Shape}]");
        var bytes = MemoryMarshal.AsBytes(values);
        var to = wanted == ElementType.UInt16 ? info.Type : wanted;
        if (layout == Layout.Nhwc) ArenaImages.CopyToNchw(_arena, buffer, to, bytes);
        else if (to == made.Type) new ReadOnlySpan<byte>(_arena + buffer.Offset, bytes.Length).CopyTo(bytes);
        else EdgeFloats.Narrow(to, new ReadOnlySpan<float>(_arena + buffer.Offset, values.Length), bytes);
    }

    /// <summary>
    /// Runs the network and shows each output that was left with channels innermost
    /// (<see cref="EngineOptions.OutputsAsComputed"/>), when it is made and still in the cache.
    /// </summary>
    /// <param name="see">Given the output's number and its rows in order, each pixel with all its channels.</param>
    public void RunAndView(Action<int, ReadOnlySpan<float>> see)
    {
        _team.Begin();
        try
        {
            for (int i = 0; i < _kernels.Length; i++)
            {
                _team.Run(_kernels[i], _arena);
                for (int o = 0; o < Plan.Outputs.Count; o++)
                {
                    if (Plan.Outputs[o].Step == i && IsViewed(o)) View(o, see);
                }
            }
        }
        finally
        {
            _team.End();
        }
    }

    /// <summary>Whether <see cref="RunAndView"/> shows an output.</summary>
    public bool IsViewed(int output) => Plan.Outputs[output] is { Layout: Layout.Nhwc, Info.Type: ElementType.Float32, Step: >= 0 };

    private void View(int output, Action<int, ReadOnlySpan<float>> see)
    {
        var buffer = Plan.Outputs[output].Buffer;
        var (shape, place) = (buffer.Shape, buffer.Placement);
        bool hasWholeRows = place.PixelStride == shape.Channels * sizeof(float);
        for (int row = 0; row < shape.Rows; row++)
        {
            byte* start = _arena + place.Offset + row / shape.Height * place.ImageStride + row % shape.Height * (long)place.RowStride;
            if (hasWholeRows) see(output, new ReadOnlySpan<float>(start, shape.Width * shape.Channels));
            else for (int x = 0; x < shape.Width; x++) see(output, new ReadOnlySpan<float>(start + x * (long)place.PixelStride, shape.Channels));
        }
    }

    public void Dispose()
    {
        if (_arena == null) return;
        NativeMemory.AlignedFree(_arena);
        _arena = null;
        _model.Dispose();
    }

    /// <summary>N C H W floats into the form in which the plan wants the pictures: channels innermost, maybe quantised.</summary>
    private void FillImages(int index, ElementType type, ReadOnlySpan<byte> values)
    {
        int images = Inputs[index].Shape[0], bytes = values.Length / images;
        for (int n = 0; n < images; n++)
        {
            var image = ImageInput(index, n);
            var part = values.Slice(n * bytes, bytes);
            if (type is ElementType.UInt8 or ElementType.Int8) ArenaImages.FillBytes(image, type, part);
            else ArenaImages.Fill(image, type, part);
        }
    }
}
