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
    private readonly PlanEdges _edges;
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
        _kernels = [.. model.Network.Plan.Steps.Select(step => (PreparedKernel)step.Kernel)];
        _team = new ThreadTeam(options.Threads, WorkerPool.Shared);
        nuint bytes = (nuint)model.Network.Plan.ArenaBytes;
        _arena = (byte*)NativeMemory.AlignedAlloc(bytes, ArenaAlignment);
        NativeMemory.Clear(_arena, bytes);
        foreach (var storage in Plan.Initialized) storage.Initialize!(new Span<byte>(_arena + storage.Offset, checked((int)storage.Bytes)));
        _edges = new PlanEdges(model.Network, _ => _arena, _ => _arena);
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

    public IReadOnlyList<TensorInfo> Inputs => _model.Network.Inputs;

    public IReadOnlyList<TensorInfo> Outputs => _model.Network.Outputs;

    public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged => _edges.SetInput(index, values);

    public InputBuffer ImageInput(int index, int image = 0) => _edges.ImageInput(index, image);

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

    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged => _edges.GetOutput(index, values);

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
}
