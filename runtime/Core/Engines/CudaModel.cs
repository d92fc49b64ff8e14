using ResNetEdge.Backends.Cuda;
using ResNetEdge.Device.Gpu;
using ResNetEdge.Model;
using ResNetEdge.Packages;

namespace ResNetEdge.Engines;

/// <summary>
/// A network planned for a GPU, with its weights in the GPU's memory, shared by any number of <see cref="CudaEngine"/>s: whoever made it and every
/// engine on it disposes of it once, and the last of them frees it.
/// </summary>
internal sealed unsafe class CudaModel : IDisposable
{
    private readonly Dictionary<string, nint> _functions = new(StringComparer.Ordinal);
    private int _users = 1;
    private nint _module, _written;
    private ulong _constants;

    private CudaModel(CudaDevice device, PlannedNetwork network) => (Device, Network) = (device, network);

    /// <summary>Where it runs.</summary>
    public CudaDevice Device { get; }

    /// <summary>What runs.</summary>
    public PlannedNetwork Network { get; }

    /// <summary>The plan's steps, in order.</summary>
    public IReadOnlyList<CudaStep> Steps { get; private set; } = [];

    /// <summary>Addresses of the steps' constants.</summary>
    public IReadOnlyList<ulong> Constants { get; private set; } = [];

    /// <summary>Plans, packs, compiles the kernels and copies the weights.</summary>
    /// <exception cref="EdgeException">
    /// Exit 3: the network cannot be run. Exit 5: no driver, no GPU, no room on it, or a step that no kernel computes; that is named by its node.
    /// </exception>
    public static CudaModel Load(ModelSource source, EngineOptions options)
    {
        if (options.Isa is not null)
            throw EdgeException.Unavailable($"kernel tier '{options.Isa}' is one of the processor's and not of engine 'cuda'; leave out --isa");
        var calls = options.Cuda ?? CudaCalls.Load();
        var device = CudaDevice.Find(calls);
        var model = new CudaModel(device, Plan(source, new CudaBackend(device.Processor), options));
        try
        {
            model.Fill();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The kernel of a step.</summary>
    public nint FunctionOf(CudaStep step) => _functions[step.Function];

    /// <summary>Counts a further user.</summary>
    public void Share() => Interlocked.Increment(ref _users);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) != 0) return;
        if (_constants != 0) Device.Free(_constants);
        if (_written != 0) Device.Unload(_written);
        if (_module != 0) Device.Unload(_module);
        Device.Dispose();
        Network.Dispose();
    }

    private static PlannedNetwork Plan(ModelSource source, CudaBackend backend, EngineOptions options)
    {
        using var taken = source.Take();
        return new PlannedNetwork(taken.Graph, backend, options, taken.GiveBack);
    }

    private void Fill()
    {
        Steps = [.. Network.Plan.Steps.Select(step => (CudaStep)step.Kernel)];
        Device.Enter();
        _module = Device.LoadModule(CudaKernels.Text(Device.Processor));
        CudaFunction[] written = [.. Steps.Select(step => step.Written).OfType<CudaFunction>()];
        if (written.Length > 0) _written = Device.LoadModule(CudaKernels.Text(written));
        foreach (var step in Steps.DistinctBy(step => step.Function))
            _functions[step.Function] = Device.Function(step.Written is null ? _module : _written, step.Function);
        var offsets = new long[Steps.Count];
        long bytes = 0;
        foreach (var (i, step) in Steps.Index())
        {
            offsets[i] = bytes;
            bytes = CudaConstants.Align(bytes + step.PackedBytes);
        }

        _constants = Device.Allocate(Math.Max(bytes, CudaConstants.Alignment));
        Constants = [.. offsets.Select(offset => _constants + (ulong)offset)];
        using var stream = Device.MakeStream();
        foreach (var (i, step) in Steps.Index())
        {
            byte[] constants = step.TakeConstants();
            if (constants.Length == 0) continue;
            fixed (byte* from = constants)
            {
                stream.ToDevice(Constants[i], from, constants.Length);
                stream.Synchronize();
            }
        }
    }
}
