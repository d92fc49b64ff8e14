using System.Text;
using ResNetEdge.Backends.Cuda;
using ResNetEdge.Device.Gpu;
using ResNetEdge.Tests.Fakes.Cuda;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cuda;

/// <summary>
/// Runs single kernels on the fake driver. Whoever uses it is in the collection <see cref="Collection"/>: there is one driver in a process.
/// </summary>
internal sealed unsafe class CudaRig : IDisposable
{
    /// <summary>Of all test classes that use the fake driver.</summary>
    public const string Collection = "cuda";

    private readonly CudaDevice _device;
    private readonly CudaStream _stream;
    private readonly nint _module;
    private readonly string? _ptx;
    private readonly Dictionary<string, nint> _written = [];

    /// <param name="settings">The GPU.</param>
    /// <param name="ptx">Other kernels than those of the program.</param>
    public CudaRig(FakeCudaSettings settings, string? ptx = null)
    {
        FakeCudaExports.Driver = Driver = new FakeCuda(settings);
        _ptx = ptx;
        _device = CudaDevice.Find(Calls);
        _device.Enter();
        _module = _device.LoadModule(ptx is null ? CudaKernels.Text(settings.Processor) : Encoding.UTF8.GetBytes(ptx + "\0"));
        _stream = _device.MakeStream();
    }

    /// <summary>The fake driver's calls, as the machine's library has them.</summary>
    public static CudaCalls Calls { get; } = new(FakeCudaExports.Symbol);

    public FakeCuda Driver { get; }

    /// <summary>Runs a step over an arena, which is copied to the device and back.</summary>
    /// <exception cref="EdgeException">The kernel did something wrong; <see cref="FakeCuda.Faults"/> says what.</exception>
    public void Run(CudaStep step, Span<byte> arena)
    {
        byte[] packed = step.TakeConstants();
        ulong memory = _device.Allocate(arena.Length), constants = packed.Length > 0 ? _device.Allocate(packed.Length) : 0;
        fixed (byte* host = arena, weights = packed, arguments = step.Arguments.Span)
        {
            _stream.ToDevice(memory, host, arena.Length);
            if (packed.Length > 0) _stream.ToDevice(constants, weights, packed.Length);
            nint function = _device.Function(step.Written is null ? _module : Written(step.Written), step.Function);
            _stream.Launch(function, step.Blocks, CudaStep.Threads, [(nint)(&memory), (nint)(&constants), (nint)arguments]);
            _stream.ToHost(host, memory, arena.Length);
            _stream.Synchronize();
        }

        _device.Free(memory);
        if (packed.Length > 0) _device.Free(constants);
    }

    private nint Written(CudaFunction function)
    {
        if (!_written.TryGetValue(function.Name, out nint module))
            _written[function.Name] = module = _device.LoadModule(CudaKernels.Text([function], _ptx));
        return module;
    }

    public void Dispose()
    {
        foreach (nint module in _written.Values) _device.Unload(module);
        _stream.Dispose();
        _device.Unload(_module);
        _device.Dispose();
    }
}
