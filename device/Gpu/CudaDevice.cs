using System.Runtime.InteropServices;
using System.Text;

namespace ResNetEdge.Device.Gpu;

/// <summary>The first GPU and its primary context. Calls belong to the thread that has made the context current.</summary>
internal sealed unsafe class CudaDevice : IDisposable
{
    /// <summary>The oldest processor for which there are kernels: that of Jetson Xavier.</summary>
    public const int OldestProcessor = 72;

    private const int OldestDriver = 11040, NameBytes = 128, LogBytes = 2048;
    private const int ErrorLogBuffer = 5, ErrorLogBufferBytes = 6; // CU_JIT_ERROR_LOG_BUFFER, ..._SIZE_BYTES
    private const int MajorAttribute = 75, MinorAttribute = 76; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, _MINOR
    private readonly CudaCalls _calls;
    private readonly int _device;
    private nint _context;

    private CudaDevice(CudaCalls calls, int device, int driver)
    {
        (_calls, _device, DriverVersion) = (calls, device, $"{driver / 1000}.{driver % 1000 / 10}");
        byte* name = stackalloc byte[NameBytes];
        calls.Check(calls.DeviceGetName(name, NameBytes, device), "the GPU's name cannot be read");
        Name = Marshal.PtrToStringUTF8((nint)name)!;
        Processor = Attribute(MajorAttribute) * 10 + Attribute(MinorAttribute);
        nuint bytes;
        calls.Check(calls.DeviceTotalMem(&bytes, device), "the GPU's memory cannot be read");
        MemoryBytes = (long)bytes;
    }

    /// <summary>As the driver calls it: <c>Orin</c>.</summary>
    public string Name { get; }

    /// <summary>Compute capability times ten: 87 for sm_87.</summary>
    public int Processor { get; }

    /// <summary>The CUDA version that the driver serves: <c>12.6</c>.</summary>
    public string DriverVersion { get; }

    /// <summary>All that it has.</summary>
    public long MemoryBytes { get; }

    /// <summary>Looks for a GPU without making a context on it.</summary>
    /// <exception cref="EdgeException">Unavailable: none that the kernels run on, or a driver that is too old; one sentence.</exception>
    public static CudaDevice Find(CudaCalls calls)
    {
        calls.Check(calls.Init(0), "engine 'cuda' cannot use the NVIDIA driver");
        int version, count, device;
        calls.Check(calls.DriverGetVersion(&version), "the driver's version cannot be read");
        if (version < OldestDriver)
            throw EdgeException.Unavailable(
                $"the NVIDIA driver is one for CUDA {version / 1000}.{version % 1000 / 10}, and engine 'cuda' needs CUDA 11.4 or later");
        calls.Check(calls.DeviceGetCount(&count), "the GPUs cannot be counted");
        if (count == 0) throw EdgeException.Unavailable("the NVIDIA driver finds no GPU");
        calls.Check(calls.DeviceGet(&device, 0), "the first GPU cannot be had");
        var found = new CudaDevice(calls, device, version);
        return found.Processor >= OldestProcessor
            ? found
            : throw EdgeException.Unavailable(
                $"the GPU '{found.Name}' is an sm_{found.Processor}, and the kernels of engine 'cuda' need sm_{OldestProcessor} or later");
    }

    /// <summary>Makes the context current for the calling thread; made when first asked for.</summary>
    /// <exception cref="EdgeException">Unavailable: the driver refuses.</exception>
    public void Enter()
    {
        if (_context == 0)
        {
            nint context;
            _calls.Check(_calls.PrimaryCtxRetain(&context, _device), $"the GPU '{Name}' cannot be opened");
            _context = context;
        }

        int result = _calls.CtxSetCurrent(_context); // in each run, which allocates nothing: the message is made when it is needed
        if (result != 0) _calls.Check(result, $"the GPU '{Name}' cannot be used");
    }

    /// <summary>The same before something is freed, where a failure changes nothing: the driver frees what a lost context held.</summary>
    public void EnterToFree()
    {
        if (_context != 0) _ = _calls.CtxSetCurrent(_context);
    }

    /// <summary>Compiles kernels for this processor, or takes them from the driver's cache.</summary>
    /// <param name="ptx">Text that ends with a zero.</param>
    /// <exception cref="EdgeException">Unavailable: the driver refuses them; with its words.</exception>
    public nint LoadModule(ReadOnlySpan<byte> ptx)
    {
        nint module;
        byte* log = stackalloc byte[LogBytes];
        log[0] = 0;
        int* options = stackalloc int[] { ErrorLogBuffer, ErrorLogBufferBytes };
        void** values = stackalloc void*[] { log, (void*)LogBytes };
        fixed (byte* text = ptx)
        {
            int result = _calls.ModuleLoadDataEx(&module, text, 2, options, values);
            string words = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(log)).ReplaceLineEndings(" ").Trim();
            _calls.Check(result, words.Length == 0 ? "the driver refuses the kernels" : $"the driver refuses the kernels ({words})");
        }

        return module;
    }

    /// <summary>A kernel by name.</summary>
    /// <exception cref="EdgeException">Unavailable: the module has none of that name.</exception>
    public nint Function(nint module, string name)
    {
        nint function;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + "\0"))
            _calls.Check(_calls.ModuleGetFunction(&function, module, text), $"the kernel {name} cannot be had");
        return function;
    }

    /// <summary>Lets a module go.</summary>
    public void Unload(nint module) => _ = _calls.ModuleUnload(module);

    /// <summary>Memory of the device, at a multiple of 256 bytes.</summary>
    /// <exception cref="EdgeException">Unavailable: there is not enough.</exception>
    public ulong Allocate(long bytes)
    {
        ulong address;
        _calls.Check(_calls.MemAlloc(&address, (nuint)bytes), $"the GPU '{Name}' has no room for {bytes} bytes");
        return address;
    }

    /// <summary>Frees memory of the device.</summary>
    public void Free(ulong address) => _ = _calls.MemFree(address);

    /// <summary>Memory of the host that the device reads and writes by itself.</summary>
    /// <exception cref="EdgeException">Unavailable: there is not enough.</exception>
    public byte* AllocatePinned(long bytes)
    {
        void* address;
        _calls.Check(_calls.MemHostAlloc(&address, (nuint)bytes, 0), $"{bytes} bytes cannot be pinned for the GPU '{Name}'");
        return (byte*)address;
    }

    /// <summary>Frees pinned memory.</summary>
    public void FreePinned(byte* address) => _ = _calls.MemFreeHost(address);

    /// <summary>A queue of work of its own.</summary>
    /// <exception cref="EdgeException">Unavailable: the driver refuses.</exception>
    public CudaStream MakeStream() => new(_calls, Name);

    public void Dispose()
    {
        if (_context == 0) return;
        _ = _calls.PrimaryCtxRelease(_device);
        _context = 0;
    }

    private int Attribute(int attribute)
    {
        int value;
        _calls.Check(_calls.DeviceGetAttribute(&value, attribute, _device), "the GPU's compute capability cannot be read");
        return value;
    }
}
