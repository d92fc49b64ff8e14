using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cuda;
using ResNetEdge.Device.Gpu;
using ResNetEdge.Model;
using ResNetEdge.Packages;
using ResNetEdge.Plans;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines;

/// <summary>
/// A plan on a GPU, by the CUDA driver alone: an arena in its memory, and one graph of all copies and kernels, which a run starts. The results of
/// int8 networks are those of the processor, bit for bit; those of floats are within bounds that the kernels state. A step that no kernel computes is
/// refused when a model is loaded.
/// </summary>
internal sealed unsafe class CudaEngine : IEngine
{
    /// <summary>As on the command line.</summary>
    public const string EngineName = "cuda";

    private const int Alignment = 64; // of storages in an arena

    private readonly CudaModel _model;
    private readonly CudaStream? _stream;
    private readonly PlanEdges _edges;
    private readonly Dictionary<Storage, long> _staged = []; // where the host's copies of inputs and outputs lie
    private ulong _arena;
    private byte* _pinned;
    private bool _isDisposed;

    private CudaEngine(CudaModel model)
    {
        _model = model;
        model.Share();
        try
        {
            model.Device.Enter();
            _arena = model.Device.Allocate(Plan.ArenaBytes);
            long bytes = 0;
            foreach (var buffer in Plan.Inputs.Select(i => i.Buffer).Concat(Plan.Outputs.Select(o => o.Buffer)))
                if (_staged.TryAdd(buffer.Storage.Root, bytes)) bytes += Slot(buffer.Storage);
            _pinned = model.Device.AllocatePinned(Math.Max(bytes, Alignment));
            NativeMemory.Clear(_pinned, (nuint)bytes);
            _edges = new PlanEdges(model.Network, i => Base(Plan.Inputs[i].Buffer), i => Base(Plan.Outputs[i].Buffer));
            _stream = model.Device.MakeStream();
            Initialize(_stream);
            _stream.Record(() => Queue(_stream));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why this machine cannot run it, in a sentence; null where it can.</summary>
    public static string? Obstacle(EngineOptions options)
    {
        try
        {
            using var device = CudaDevice.Find(options.Cuda ?? CudaCalls.Load());
            return null;
        }
        catch (EdgeException e) when (e.Kind == FailureKind.Unavailable)
        {
            return e.Message;
        }
    }

    /// <summary>Plans a model for the GPU and lets its file go.</summary>
    /// <exception cref="EdgeException">As <see cref="CudaModel.Load"/> says.</exception>
    public static CudaEngine Load(ModelSource source, EngineOptions options)
    {
        using var model = CudaModel.Load(source, options);
        return new CudaEngine(model);
    }

    public string Name => EngineName;

    public IEngine Fork(int? threads = null) => new CudaEngine(_model);

    public long MemoryBytes => Plan.ArenaBytes + Plan.PackedBytes;

    /// <summary>What it runs.</summary>
    public Plan Plan => _model.Network.Plan;

    public IReadOnlyList<string> Notes => _model.Network.Notes;

    public IReadOnlyList<TensorInfo> Inputs => _model.Network.Inputs;

    public IReadOnlyList<TensorInfo> Outputs => _model.Network.Outputs;

    public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged => _edges.SetInput(index, values);

    public InputBuffer ImageInput(int index, int image = 0) => _edges.ImageInput(index, image);

    /// <exception cref="EdgeException">Exit 5: the device failed; with CUDA's name of the error.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _model.Device.Enter();
        _stream!.RunGraph();
    }

    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged => _edges.GetOutput(index, values);

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _model.Device.EnterToFree();
        _stream?.Dispose();
        if (_pinned != null) _model.Device.FreePinned(_pinned);
        if (_arena != 0) _model.Device.Free(_arena);
        _pinned = null;
        _arena = 0;
        _model.Dispose();
    }

    /// <summary>Bytes that a storage has in an arena to itself.</summary>
    private static long Slot(Storage storage) => (storage.Bytes + Alignment - 1) / Alignment * Alignment;

    private byte* Base(PlanBuffer buffer) => _pinned + _staged[buffer.Storage.Root] - buffer.Storage.Offset;

    /// <summary>What the arena holds before its first run. Inputs are copied in each run, so that only their host's copy is set.</summary>
    private void Initialize(CudaStream stream)
    {
        foreach (var storage in Plan.Initialized)
        {
            if (_staged.TryGetValue(storage.Root, out long at))
            {
                storage.Initialize!(new Span<byte>(_pinned + at, checked((int)storage.Bytes)));
                continue;
            }

            byte[] bytes = new byte[Slot(storage)];
            storage.Initialize!(bytes.AsSpan(0, (int)storage.Bytes));
            fixed (byte* from = bytes)
            {
                stream.ToDevice(_arena + (ulong)storage.Offset, from, bytes.Length);
                stream.Synchronize();
            }
        }
    }

    /// <summary>One run: inputs up, every step, outputs down.</summary>
    private void Queue(CudaStream stream)
    {
        foreach (var storage in Plan.Inputs.Select(i => i.Buffer.Storage.Root).Distinct())
            stream.ToDevice(_arena + (ulong)storage.Offset, _pinned + _staged[storage], Slot(storage));
        Span<nint> parameters = stackalloc nint[3];
        for (int i = 0; i < _model.Steps.Count; i++)
        {
            var step = _model.Steps[i];
            ulong arena = _arena, constants = _model.Constants[i];
            fixed (byte* arguments = step.Arguments.Span)
            {
                (parameters[0], parameters[1], parameters[2]) = ((nint)(&arena), (nint)(&constants), (nint)arguments);
                stream.Launch(_model.FunctionOf(step), step.Blocks, CudaStep.Threads, parameters);
            }
        }

        foreach (var storage in Plan.Outputs.Select(o => o.Buffer.Storage.Root).Distinct())
            stream.ToHost(_pinned + _staged[storage], _arena + (ulong)storage.Offset, storage.Bytes);
    }
}
