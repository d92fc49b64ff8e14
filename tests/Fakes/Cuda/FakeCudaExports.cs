using System.Runtime.InteropServices;
using System.Text;
using static ResNetEdge.Tests.Fakes.Cuda.FakeCudaResult;

namespace ResNetEdge.Tests.Fakes.Cuda;

/// <summary>
/// The calls of <see cref="FakeCuda"/> as C has them: a table of addresses for tests in this process, and what <c>libcuda.so.1</c> exports when these
/// files are published as a native library.
/// </summary>
internal static unsafe class FakeCudaExports
{
    private static readonly Lock Turn = new();
    private static readonly Dictionary<int, nint> Names = [];

    /// <summary>The driver that calls go to; a test sets its own.</summary>
    public static FakeCuda Driver { get; set; } = new(FakeCudaSettings.Parse(Environment.GetEnvironmentVariable("FAKE_CUDA") ?? ""));

    /// <summary>Address of a call; 0 for one that the fake lacks.</summary>
    public static nint Symbol(string name) => name switch
    {
        "cuInit" => (nint)(delegate* unmanaged<uint, int>)&cuInit,
        "cuDriverGetVersion" => (nint)(delegate* unmanaged<int*, int>)&cuDriverGetVersion,
        "cuDeviceGetCount" => (nint)(delegate* unmanaged<int*, int>)&cuDeviceGetCount,
        "cuDeviceGet" => (nint)(delegate* unmanaged<int*, int, int>)&cuDeviceGet,
        "cuDeviceGetName" => (nint)(delegate* unmanaged<byte*, int, int, int>)&cuDeviceGetName,
        "cuDeviceGetAttribute" => (nint)(delegate* unmanaged<int*, int, int, int>)&cuDeviceGetAttribute,
        "cuDeviceTotalMem_v2" => (nint)(delegate* unmanaged<nuint*, int, int>)&cuDeviceTotalMem_v2,
        "cuDevicePrimaryCtxRetain" => (nint)(delegate* unmanaged<nint*, int, int>)&cuDevicePrimaryCtxRetain,
        "cuDevicePrimaryCtxRelease_v2" => (nint)(delegate* unmanaged<int, int>)&cuDevicePrimaryCtxRelease_v2,
        "cuCtxSetCurrent" => (nint)(delegate* unmanaged<nint, int>)&cuCtxSetCurrent,
        "cuModuleLoadDataEx" => (nint)(delegate* unmanaged<nint*, byte*, uint, int*, void**, int>)&cuModuleLoadDataEx,
        "cuModuleUnload" => (nint)(delegate* unmanaged<nint, int>)&cuModuleUnload,
        "cuModuleGetFunction" => (nint)(delegate* unmanaged<nint*, nint, byte*, int>)&cuModuleGetFunction,
        "cuMemAlloc_v2" => (nint)(delegate* unmanaged<ulong*, nuint, int>)&cuMemAlloc_v2,
        "cuMemFree_v2" => (nint)(delegate* unmanaged<ulong, int>)&cuMemFree_v2,
        "cuMemHostAlloc" => (nint)(delegate* unmanaged<void**, nuint, uint, int>)&cuMemHostAlloc,
        "cuMemFreeHost" => (nint)(delegate* unmanaged<void*, int>)&cuMemFreeHost,
        "cuMemcpyHtoDAsync_v2" => (nint)(delegate* unmanaged<ulong, void*, nuint, nint, int>)&cuMemcpyHtoDAsync_v2,
        "cuMemcpyDtoHAsync_v2" => (nint)(delegate* unmanaged<void*, ulong, nuint, nint, int>)&cuMemcpyDtoHAsync_v2,
        "cuLaunchKernel" => (nint)(delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)&cuLaunchKernel,
        "cuStreamCreate" => (nint)(delegate* unmanaged<nint*, uint, int>)&cuStreamCreate,
        "cuStreamSynchronize" => (nint)(delegate* unmanaged<nint, int>)&cuStreamSynchronize,
        "cuStreamDestroy_v2" => (nint)(delegate* unmanaged<nint, int>)&cuStreamDestroy_v2,
        "cuStreamBeginCapture_v2" => (nint)(delegate* unmanaged<nint, int, int>)&cuStreamBeginCapture_v2,
        "cuStreamEndCapture" => (nint)(delegate* unmanaged<nint, nint*, int>)&cuStreamEndCapture,
        "cuGraphInstantiateWithFlags" => (nint)(delegate* unmanaged<nint*, nint, ulong, int>)&cuGraphInstantiateWithFlags,
        "cuGraphLaunch" => (nint)(delegate* unmanaged<nint, nint, int>)&cuGraphLaunch,
        "cuGraphExecDestroy" => (nint)(delegate* unmanaged<nint, int>)&cuGraphExecDestroy,
        "cuGraphDestroy" => (nint)(delegate* unmanaged<nint, int>)&cuGraphDestroy,
        "cuGetErrorName" => (nint)(delegate* unmanaged<int, byte**, int>)&cuGetErrorName,
        _ => 0,
    };

    [UnmanagedCallersOnly(EntryPoint = "cuInit")]
    private static int cuInit(uint flags) =>
        Driver.Call("cuInit", false, d => d.Init());

    [UnmanagedCallersOnly(EntryPoint = "cuDriverGetVersion")]
    private static int cuDriverGetVersion(int* version) =>
        Driver.Call("cuDriverGetVersion", false, d => { *version = d.DriverVersion; return Success; });

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGetCount")]
    private static int cuDeviceGetCount(int* count) =>
        Driver.Call("cuDeviceGetCount", false, _ => { *count = 1; return Success; });

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGet")]
    private static int cuDeviceGet(int* device, int number) =>
        Driver.Call("cuDeviceGet", false, _ => { *device = number; return number == 0 ? Success : FakeCudaResult.InvalidDevice; });

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGetName")]
    private static int cuDeviceGetName(byte* name, int bytes, int device) =>
        Driver.Call("cuDeviceGetName", false, _ => { "Interpreted\0"u8.CopyTo(new Span<byte>(name, bytes)); return Success; });

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGetAttribute")]
    private static int cuDeviceGetAttribute(int* value, int attribute, int device) =>
        Driver.Call("cuDeviceGetAttribute", false, d => { *value = d.Attribute(attribute); return Success; });

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceTotalMem_v2")]
    private static int cuDeviceTotalMem_v2(nuint* bytes, int device) =>
        Driver.Call("cuDeviceTotalMem_v2", false, d => { *bytes = d.TotalBytes; return Success; });

    [UnmanagedCallersOnly(EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static int cuDevicePrimaryCtxRetain(nint* context, int device) =>
        Driver.Call("cuDevicePrimaryCtxRetain", false, d => { *context = d.RetainContext(); return Success; });

    [UnmanagedCallersOnly(EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    private static int cuDevicePrimaryCtxRelease_v2(int device) =>
        Driver.Call("cuDevicePrimaryCtxRelease_v2", false, d => d.ReleaseContext());

    [UnmanagedCallersOnly(EntryPoint = "cuCtxSetCurrent")]
    private static int cuCtxSetCurrent(nint context) =>
        Driver.Call("cuCtxSetCurrent", false, d => d.SetCurrent(context));

    [UnmanagedCallersOnly(EntryPoint = "cuModuleLoadDataEx")]
    private static int cuModuleLoadDataEx(nint* module, byte* image, uint count, int* options, void** values) =>
        Driver.Call("cuModuleLoadDataEx", true, d => LoadModule(d, module, image, count, options, values));

    [UnmanagedCallersOnly(EntryPoint = "cuModuleUnload")]
    private static int cuModuleUnload(nint module) =>
        Driver.Call("cuModuleUnload", true, d => d.Drop(module));

    [UnmanagedCallersOnly(EntryPoint = "cuModuleGetFunction")]
    private static int cuModuleGetFunction(nint* function, nint module, byte* name) =>
        Driver.Call("cuModuleGetFunction", true, d => d.Function(module, Marshal.PtrToStringUTF8((nint)name)!, out *function));

    [UnmanagedCallersOnly(EntryPoint = "cuMemAlloc_v2")]
    private static int cuMemAlloc_v2(ulong* address, nuint bytes) =>
        Driver.Call("cuMemAlloc_v2", true, d => d.Allocate(bytes, out *address));

    [UnmanagedCallersOnly(EntryPoint = "cuMemFree_v2")]
    private static int cuMemFree_v2(ulong address) =>
        Driver.Call("cuMemFree_v2", true, d => d.Free(address));

    [UnmanagedCallersOnly(EntryPoint = "cuMemHostAlloc")]
    private static int cuMemHostAlloc(void** address, nuint bytes, uint flags) =>
        Driver.Call("cuMemHostAlloc", true, d => { *address = d.AllocatePinned(bytes); return Success; });

    [UnmanagedCallersOnly(EntryPoint = "cuMemFreeHost")]
    private static int cuMemFreeHost(void* address) =>
        Driver.Call("cuMemFreeHost", true, d => d.FreePinned((nint)address));

    [UnmanagedCallersOnly(EntryPoint = "cuMemcpyHtoDAsync_v2")]
    private static int cuMemcpyHtoDAsync_v2(ulong to, void* from, nuint bytes, nint stream) =>
        Driver.Call("cuMemcpyHtoDAsync_v2", true, d => d.CopyToDevice(to, (nint)from, (int)bytes, stream));

    [UnmanagedCallersOnly(EntryPoint = "cuMemcpyDtoHAsync_v2")]
    private static int cuMemcpyDtoHAsync_v2(void* to, ulong from, nuint bytes, nint stream) =>
        Driver.Call("cuMemcpyDtoHAsync_v2", true, d => d.CopyToHost((nint)to, from, (int)bytes, stream));

    [UnmanagedCallersOnly(EntryPoint = "cuLaunchKernel")]
    private static int cuLaunchKernel(nint function, uint gx, uint gy, uint gz, uint bx, uint by, uint bz, uint shared, nint stream,
        void** parameters, void** extra) =>
        Driver.Call("cuLaunchKernel", true, d => d.Launch(function, (gx, gy, gz), (bx, by, bz), stream, parameters));

    [UnmanagedCallersOnly(EntryPoint = "cuStreamCreate")]
    private static int cuStreamCreate(nint* stream, uint flags) =>
        Driver.Call("cuStreamCreate", true, d => { *stream = d.CreateStream(); return Success; });

    [UnmanagedCallersOnly(EntryPoint = "cuStreamSynchronize")]
    private static int cuStreamSynchronize(nint stream) =>
        Driver.Call("cuStreamSynchronize", true, d => d.Synchronize(stream));

    [UnmanagedCallersOnly(EntryPoint = "cuStreamDestroy_v2")]
    private static int cuStreamDestroy_v2(nint stream) =>
        Driver.Call("cuStreamDestroy_v2", true, d => d.Drop(stream));

    [UnmanagedCallersOnly(EntryPoint = "cuStreamBeginCapture_v2")]
    private static int cuStreamBeginCapture_v2(nint stream, int mode) =>
        Driver.Call("cuStreamBeginCapture_v2", true, d => d.BeginRecording(stream));

    [UnmanagedCallersOnly(EntryPoint = "cuStreamEndCapture")]
    private static int cuStreamEndCapture(nint stream, nint* graph) =>
        Driver.Call("cuStreamEndCapture", true, d => d.EndRecording(stream, out *graph));

    [UnmanagedCallersOnly(EntryPoint = "cuGraphInstantiateWithFlags")]
    private static int cuGraphInstantiateWithFlags(nint* made, nint graph, ulong flags) =>
        Driver.Call("cuGraphInstantiateWithFlags", true, d => d.Instantiate(graph, out *made));

    [UnmanagedCallersOnly(EntryPoint = "cuGraphLaunch")]
    private static int cuGraphLaunch(nint graph, nint stream) =>
        Driver.Call("cuGraphLaunch", true, d => d.LaunchGraph(graph, stream));

    [UnmanagedCallersOnly(EntryPoint = "cuGraphExecDestroy")]
    private static int cuGraphExecDestroy(nint graph) =>
        Driver.Call("cuGraphExecDestroy", true, d => d.Drop(graph));

    [UnmanagedCallersOnly(EntryPoint = "cuGraphDestroy")]
    private static int cuGraphDestroy(nint graph) =>
        Driver.Call("cuGraphDestroy", true, d => d.Drop(graph));

    [UnmanagedCallersOnly(EntryPoint = "cuGetErrorName")]
    private static int cuGetErrorName(int error, byte** name)
    {
        lock (Turn)
        {
            if (!Names.TryGetValue(error, out nint text)) Names[error] = text = Marshal.StringToCoTaskMemUTF8(NameOf((FakeCudaResult)error));
            *name = (byte*)text;
            return 0;
        }
    }

    /// <summary>As CUDA spells it: CUDA_ERROR_OUT_OF_MEMORY.</summary>
    private static string NameOf(FakeCudaResult result)
    {
        if (result == Success) return "CUDA_SUCCESS";
        string name = result.ToString();
        var text = new StringBuilder("CUDA_ERROR");
        foreach (char c in name) text.Append(char.IsUpper(c) ? "_" : "").Append(char.ToUpperInvariant(c));
        return text.ToString();
    }

    private static FakeCudaResult LoadModule(FakeCuda driver, nint* module, byte* image, uint count, int* options, void** values)
    {
        const int ErrorLogBuffer = 5, LogBytes = 2048;
        var result = driver.LoadModule(Marshal.PtrToStringUTF8((nint)image)!, out *module, out string log);
        for (uint i = 0; i < count; i++)
            if (options[i] == ErrorLogBuffer)
                Encoding.UTF8.GetBytes(log[..Math.Min(log.Length, LogBytes / 4)] + "\0", new Span<byte>(values[i], LogBytes));
        return result;
    }
}
