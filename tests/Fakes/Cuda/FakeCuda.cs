using System.Runtime.InteropServices;
using ResNetEdge.Tests.Fakes.Ptx;

namespace ResNetEdge.Tests.Fakes.Cuda;

/// <summary>
/// The CUDA driver on machines without a GPU: the calls that engine cuda makes, with kernels run by <see cref="PtxKernel"/>. Harsher than a real one:
/// work is done when somebody waits for it and no earlier, device addresses are no host addresses, copies need memory that is pinned when they run as
/// part of a graph, calls need the context on their thread, and any call can be told to fail.
/// </summary>
internal sealed unsafe class FakeCuda(FakeCudaSettings settings)
{
    private const nint Context = 77;

    [ThreadStatic]
    private static FakeCuda? _contextOfThread;

    private readonly Lock _turn = new();
    private readonly DeviceMemory _memory = new() { Limit = settings.MemoryBytes };
    private readonly Dictionary<string, int> _calls = [];
    private readonly Dictionary<nint, object> _handles = [];
    private readonly Dictionary<nint, nuint> _pinned = [];
    private nint _nextHandle = 1000;
    private bool _isInitialized;
    private int _contexts, _launches;
    private FakeCudaResult _sticky;

    /// <summary>What the kernels and copies of this driver did wrong, a sentence each.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>How often each call was made.</summary>
    public IReadOnlyDictionary<string, int> Calls => _calls;

    /// <summary>What is held and was not given back, a sentence each; asked after everything was disposed of.</summary>
    public IEnumerable<string> Leaks
    {
        get
        {
            if (_memory.Count > 0) yield return $"{_memory.Count} allocations of {_memory.UsedBytes} bytes";
            if (_pinned.Count > 0) yield return $"{_pinned.Count} pinned allocations";
            foreach (var kind in _handles.Values.Where(h => h is not PtxKernel).GroupBy(h => h.GetType().Name))
                yield return $"{kind.Count()} of {kind.Key}";
            if (_contexts != 0) yield return $"{_contexts} contexts";
        }
    }

    /// <summary>Makes a call, one at a time.</summary>
    /// <param name="name">Of the call.</param>
    /// <param name="needsContext">Whether the thread must have the context.</param>
    /// <param name="call">What it does.</param>
    public int Call(string name, bool needsContext, Func<FakeCuda, FakeCudaResult> call)
    {
        lock (_turn)
        {
            int number = _calls[name] = _calls.GetValueOrDefault(name) + 1;
            if (settings.FailingCall == name && settings.FailingNumber == number) return (int)settings.Failure;
            if (name != "cuInit" && !_isInitialized) return (int)FakeCudaResult.NotInitialized;
            if (needsContext && (_contextOfThread != this || _contexts == 0)) return (int)FakeCudaResult.InvalidContext;
            // A lost context takes back what it has given, and refuses all else.
            return (int)(_sticky == FakeCudaResult.Success || GivesBack(name) ? call(this) : _sticky);
        }
    }

    public FakeCudaResult Init()
    {
        if (!settings.HasDevice) return FakeCudaResult.NoDevice;
        _isInitialized = true;
        return FakeCudaResult.Success;
    }

    public int DriverVersion => settings.Driver;

    public int Attribute(int attribute) => attribute switch
    {
        75 => settings.Processor / 10,
        76 => settings.Processor % 10,
        _ => throw new DeviceFault($"nobody should ask for attribute {attribute}"),
    };

    public nuint TotalBytes => (nuint)settings.MemoryBytes;

    public nint RetainContext()
    {
        _contexts++;
        return Context;
    }

    public FakeCudaResult ReleaseContext()
    {
        if (_contexts == 0) return FakeCudaResult.InvalidContext;
        _contexts--;
        return FakeCudaResult.Success;
    }

    public FakeCudaResult SetCurrent(nint context)
    {
        if (context != Context || _contexts == 0) return FakeCudaResult.InvalidContext;
        _contextOfThread = this;
        return FakeCudaResult.Success;
    }

    /// <summary>Reads a module and makes its kernels runnable.</summary>
    public FakeCudaResult LoadModule(string text, out nint handle, out string log)
    {
        (handle, log) = (0, "");
        try
        {
            var module = new PtxModule(text);
            if (module.Target > settings.Processor) return FakeCudaResult.NoBinaryForGpu;
            handle = Keep(module.Functions.ToDictionary(f => f.Key, f => new PtxKernel(f.Value)));
            return FakeCudaResult.Success;
        }
        catch (Exception e) when (e is FormatException or NotSupportedException)
        {
            log = e.Message;
            return FakeCudaResult.InvalidPtx;
        }
    }

    public FakeCudaResult Function(nint module, string name, out nint handle)
    {
        handle = 0;
        if (Get<Dictionary<string, PtxKernel>>(module) is not { } kernels) return FakeCudaResult.InvalidHandle;
        if (!kernels.TryGetValue(name, out var kernel)) return FakeCudaResult.NotFound;
        handle = Keep(kernel);
        return FakeCudaResult.Success;
    }

    public FakeCudaResult Allocate(nuint bytes, out ulong address)
    {
        address = bytes == 0 ? 0 : _memory.Allocate(bytes);
        return address != 0 ? FakeCudaResult.Success : bytes == 0 ? FakeCudaResult.InvalidValue : FakeCudaResult.OutOfMemory;
    }

    public FakeCudaResult Free(ulong address) => _memory.Free(address) ? FakeCudaResult.Success : FakeCudaResult.InvalidValue;

    public void* AllocatePinned(nuint bytes)
    {
        void* address = NativeMemory.Alloc(bytes);
        NativeMemory.Fill(address, bytes, 0xCD);
        _pinned.Add((nint)address, bytes);
        return address;
    }

    public FakeCudaResult FreePinned(nint address)
    {
        if (!_pinned.Remove(address)) return FakeCudaResult.InvalidValue;
        NativeMemory.Free((void*)address);
        return FakeCudaResult.Success;
    }

    public FakeCudaResult CopyToDevice(ulong to, nint from, int bytes, nint stream) => Submit(stream, () =>
    {
        DeviceMemory.Hit hit = default;
        new ReadOnlySpan<byte>((void*)from, bytes).CopyTo(new Span<byte>(_memory.At(to, bytes, true, ref hit), bytes));
    }, from, bytes);

    public FakeCudaResult CopyToHost(nint to, ulong from, int bytes, nint stream) => Submit(stream, () =>
    {
        DeviceMemory.Hit hit = default;
        new ReadOnlySpan<byte>(_memory.At(from, bytes, false, ref hit), bytes).CopyTo(new Span<byte>((void*)to, bytes));
    }, to, bytes);

    public FakeCudaResult Launch(nint function, (uint X, uint Y, uint Z) blocks, (uint X, uint Y, uint Z) threads, nint stream, void** parameters)
    {
        if (Get<PtxKernel>(function) is not { } kernel) return FakeCudaResult.InvalidHandle;
        if (blocks.X == 0 || blocks.Y is 0 or > 65535 || blocks.Z != 1 || threads.X is 0 or > 1024 || threads.Y != 1 || threads.Z != 1)
            return FakeCudaResult.InvalidValue;
        byte[] bytes = new byte[kernel.Function.ParameterBytes];
        int i = 0;
        foreach (var (offset, size) in kernel.Function.Parameters.Values) new ReadOnlySpan<byte>(parameters[i++], size).CopyTo(bytes.AsSpan(offset));
        return Submit(stream, () => kernel.Launch((blocks.X, blocks.Y), (int)threads.X, bytes, _memory, settings.Seed + _launches++));
    }

    public nint CreateStream() => Keep(new FakeStream());

    public FakeCudaResult Synchronize(nint stream)
    {
        if (Get<FakeStream>(stream) is not { } s) return FakeCudaResult.InvalidHandle;
        if (s.Recording is not null) return FakeCudaResult.StreamCaptureUnsupported;
        try
        {
            while (s.Work.TryDequeue(out var work)) work();
            return FakeCudaResult.Success;
        }
        catch (DeviceFault e)
        {
            Faults.Add(e.Message);
            s.Work.Clear();
            return _sticky = FakeCudaResult.IllegalAddress;
        }
    }

    public FakeCudaResult BeginRecording(nint stream)
    {
        if (Get<FakeStream>(stream) is not { Recording: null } s) return FakeCudaResult.InvalidHandle;
        s.Recording = [];
        return FakeCudaResult.Success;
    }

    public FakeCudaResult EndRecording(nint stream, out nint graph)
    {
        graph = 0;
        if (Get<FakeStream>(stream) is not { Recording: { } nodes } s) return FakeCudaResult.InvalidHandle;
        graph = Keep(nodes.ToArray());
        s.Recording = null;
        return FakeCudaResult.Success;
    }

    public FakeCudaResult Instantiate(nint graph, out nint made)
    {
        made = 0;
        if (Get<Action[]>(graph) is not { } nodes) return FakeCudaResult.InvalidHandle;
        made = Keep(nodes.ToList());
        return FakeCudaResult.Success;
    }

    public FakeCudaResult LaunchGraph(nint graph, nint stream)
    {
        if (Get<List<Action>>(graph) is not { } nodes || Get<FakeStream>(stream) is not { } s) return FakeCudaResult.InvalidHandle;
        foreach (var node in nodes) s.Work.Enqueue(node);
        return FakeCudaResult.Success;
    }

    /// <summary>Gives a module, a stream or a graph back.</summary>
    public FakeCudaResult Drop(nint handle) => _handles.Remove(handle) ? FakeCudaResult.Success : FakeCudaResult.InvalidHandle;

    private static bool GivesBack(string name) => name == "cuModuleUnload"
        || Array.Exists(["Free", "Destroy", "Release"], word => name.Contains(word, StringComparison.Ordinal));

    private nint Keep(object thing)
    {
        _handles[_nextHandle] = thing;
        return _nextHandle++;
    }

    private T? Get<T>(nint handle) where T : class => _handles.GetValueOrDefault(handle) as T;

    private bool IsPinned(nint from, int bytes) => _pinned.Any(p => from >= p.Key && from + bytes <= p.Key + (nint)p.Value);

    private FakeCudaResult Submit(nint stream, Action work, nint host = 0, int bytes = 0)
    {
        if (Get<FakeStream>(stream) is not { } s) return FakeCudaResult.InvalidHandle;
        if (s.Recording is not { } nodes) s.Work.Enqueue(work);
        else if (bytes == 0 || IsPinned(host, bytes)) nodes.Add(work);
        else return FakeCudaResult.StreamCaptureUnsupported;
        return FakeCudaResult.Success;
    }
}
