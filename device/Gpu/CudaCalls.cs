using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Gpu;

/// <summary>
/// The calls of the CUDA driver that we use, by function pointers: nothing is linked, and the library is loaded when somebody asks for a GPU. Each
/// returns a CUresult, 0 for success.
/// </summary>
/// <remarks>Source: CUDA Driver API, https://docs.nvidia.com/cuda/cuda-driver-api; graphs that are instantiated with flags need CUDA 11.4.</remarks>
internal sealed unsafe class CudaCalls
{
    /// <summary>Name on the loader's path.</summary>
    public const string LibraryName = "libcuda.so.1";

    /// <summary>The environment variable with the library's path, where the loader does not find it.</summary>
    public const string EnvironmentVariable = "RESNETEDGE_CUDA";

    public readonly delegate* unmanaged<int, byte**, int> GetErrorName;
    public readonly delegate* unmanaged<uint, int> Init;
    public readonly delegate* unmanaged<int*, int> DriverGetVersion;
    public readonly delegate* unmanaged<int*, int> DeviceGetCount;
    public readonly delegate* unmanaged<int*, int, int> DeviceGet;
    public readonly delegate* unmanaged<byte*, int, int, int> DeviceGetName;
    public readonly delegate* unmanaged<int*, int, int, int> DeviceGetAttribute;
    public readonly delegate* unmanaged<nuint*, int, int> DeviceTotalMem;
    public readonly delegate* unmanaged<nint*, int, int> PrimaryCtxRetain;
    public readonly delegate* unmanaged<int, int> PrimaryCtxRelease;
    public readonly delegate* unmanaged<nint, int> CtxSetCurrent;
    public readonly delegate* unmanaged<nint*, byte*, uint, int*, void**, int> ModuleLoadDataEx;
    public readonly delegate* unmanaged<nint, int> ModuleUnload;
    public readonly delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction;
    public readonly delegate* unmanaged<ulong*, nuint, int> MemAlloc;
    public readonly delegate* unmanaged<ulong, int> MemFree;
    public readonly delegate* unmanaged<void**, nuint, uint, int> MemHostAlloc;
    public readonly delegate* unmanaged<void*, int> MemFreeHost;
    public readonly delegate* unmanaged<ulong, void*, nuint, nint, int> MemcpyHtoDAsync;
    public readonly delegate* unmanaged<void*, ulong, nuint, nint, int> MemcpyDtoHAsync;
    public readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel;
    public readonly delegate* unmanaged<nint*, uint, int> StreamCreate;
    public readonly delegate* unmanaged<nint, int> StreamSynchronize;
    public readonly delegate* unmanaged<nint, int> StreamDestroy;
    public readonly delegate* unmanaged<nint, int, int> StreamBeginCapture;
    public readonly delegate* unmanaged<nint, nint*, int> StreamEndCapture;
    public readonly delegate* unmanaged<nint*, nint, ulong, int> GraphInstantiate;
    public readonly delegate* unmanaged<nint, nint, int> GraphLaunch;
    public readonly delegate* unmanaged<nint, int> GraphExecDestroy;
    public readonly delegate* unmanaged<nint, int> GraphDestroy;

    private readonly Func<string, nint> _symbol;

    /// <param name="symbol">Address of a call by its name; 0 where there is none.</param>
    /// <exception cref="EdgeException">Unavailable: a call is missing; it is named.</exception>
    public CudaCalls(Func<string, nint> symbol)
    {
        _symbol = symbol;
        GetErrorName = (delegate* unmanaged<int, byte**, int>)Symbol("cuGetErrorName");
        Init = (delegate* unmanaged<uint, int>)Symbol("cuInit");
        DriverGetVersion = (delegate* unmanaged<int*, int>)Symbol("cuDriverGetVersion");
        DeviceGetCount = (delegate* unmanaged<int*, int>)Symbol("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, int>)Symbol("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)Symbol("cuDeviceGetName");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Symbol("cuDeviceGetAttribute");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, int>)Symbol("cuDeviceTotalMem_v2");
        PrimaryCtxRetain = (delegate* unmanaged<nint*, int, int>)Symbol("cuDevicePrimaryCtxRetain");
        PrimaryCtxRelease = (delegate* unmanaged<int, int>)Symbol("cuDevicePrimaryCtxRelease_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, int>)Symbol("cuCtxSetCurrent");
        ModuleLoadDataEx = (delegate* unmanaged<nint*, byte*, uint, int*, void**, int>)Symbol("cuModuleLoadDataEx");
        ModuleUnload = (delegate* unmanaged<nint, int>)Symbol("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Symbol("cuModuleGetFunction");
        MemAlloc = (delegate* unmanaged<ulong*, nuint, int>)Symbol("cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<ulong, int>)Symbol("cuMemFree_v2");
        MemHostAlloc = (delegate* unmanaged<void**, nuint, uint, int>)Symbol("cuMemHostAlloc");
        MemFreeHost = (delegate* unmanaged<void*, int>)Symbol("cuMemFreeHost");
        MemcpyHtoDAsync = (delegate* unmanaged<ulong, void*, nuint, nint, int>)Symbol("cuMemcpyHtoDAsync_v2");
        MemcpyDtoHAsync = (delegate* unmanaged<void*, ulong, nuint, nint, int>)Symbol("cuMemcpyDtoHAsync_v2");
        LaunchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Symbol("cuLaunchKernel");
        StreamCreate = (delegate* unmanaged<nint*, uint, int>)Symbol("cuStreamCreate");
        StreamSynchronize = (delegate* unmanaged<nint, int>)Symbol("cuStreamSynchronize");
        StreamDestroy = (delegate* unmanaged<nint, int>)Symbol("cuStreamDestroy_v2");
        StreamBeginCapture = (delegate* unmanaged<nint, int, int>)Symbol("cuStreamBeginCapture_v2");
        StreamEndCapture = (delegate* unmanaged<nint, nint*, int>)Symbol("cuStreamEndCapture");
        GraphInstantiate = (delegate* unmanaged<nint*, nint, ulong, int>)Symbol("cuGraphInstantiateWithFlags");
        GraphLaunch = (delegate* unmanaged<nint, nint, int>)Symbol("cuGraphLaunch");
        GraphExecDestroy = (delegate* unmanaged<nint, int>)Symbol("cuGraphExecDestroy");
        GraphDestroy = (delegate* unmanaged<nint, int>)Symbol("cuGraphDestroy");
    }

    /// <summary>Loads the driver's library; it stays loaded.</summary>
    /// <exception cref="EdgeException">Unavailable: there is no such library, or it is too old.</exception>
    public static CudaCalls Load()
    {
        string name = Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } given ? given : LibraryName;
        if (!NativeLibrary.TryLoad(name, out nint library))
            throw EdgeException.Unavailable(
                $"engine 'cuda' needs the NVIDIA driver, and {name} was not found; install the driver or name its library in {EnvironmentVariable}");
        return new CudaCalls(call => NativeLibrary.TryGetExport(library, call, out nint address) ? address : 0);
    }

    /// <summary>Throws unless a call succeeded.</summary>
    /// <param name="result">What it returned.</param>
    /// <param name="what">What could not be done, as the beginning of a sentence.</param>
    /// <exception cref="EdgeException">Unavailable, with CUDA's name of the error.</exception>
    public void Check(int result, string what)
    {
        if (result != 0) throw EdgeException.Unavailable($"{what}: {NameOf(result)}");
    }

    /// <summary>CUDA's name of a result, with its number.</summary>
    public string NameOf(int result)
    {
        byte* name = null;
        _ = GetErrorName(result, &name);
        return name == null ? $"CUDA error {result}" : $"{Marshal.PtrToStringUTF8((nint)name)} ({result})";
    }

    private nint Symbol(string name) => _symbol(name) is not 0 and var address
        ? address
        : throw EdgeException.Unavailable($"the NVIDIA driver lacks {name}, and engine 'cuda' needs a driver for CUDA 11.4 or later");
}
