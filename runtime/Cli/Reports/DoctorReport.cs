using System.Runtime.InteropServices;
using ResNetEdge.Backends.Cpu;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Gpu;
using ResNetEdge.Engines;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Plans;

namespace ResNetEdge.Cli.Reports;

/// <summary>Everything that <c>doctor</c> finds.</summary>
internal sealed record DoctorReport(
    MachineReport Machine,
    IReadOnlyList<Tier> KernelTiers,
    string? KernelDowngrade,
    bool HalfArithmetic,
    IReadOnlyList<Part> Engines,
    IReadOnlyList<Part> Libraries,
    IReadOnlyList<VideoDevice> Cameras,
    GpioReport Gpio)
{
    /// <summary>Examines this machine.</summary>
    public static DoctorReport Read()
    {
        var used = Choose(out string? refusal);
        return new DoctorReport(
            MachineReport.Read(),
            [.. Backends.Cpu.KernelTiers.OfThisArchitecture.Select(
                t => new Tier(t.Name, t.IsAvailable, t == used, t.Needs, t.Obstacle, Reason(t, used)))],
            refusal ?? Backends.Cpu.KernelTiers.Downgrade,
            used is not null && HalfForms.IsPreferredBy(new CpuBackend(used)),
            [.. EngineTable.All.Select(static e => e.Name switch
            {
                OnnxRuntimeEngine.EngineName => OnnxRuntime(),
                CudaEngine.EngineName => Cuda(),
                _ => new Part(e.Name, true, BuildInfo.Version, null, null),
            })],
            [Library("libturbojpeg", "libturbojpeg.so.0", "JPEG pictures are refused without it; install Debian's libturbojpeg0")],
            VideoDevices.List(),
            GpioReport.Read());
    }

    /// <summary>The tier that is used here; null when RESNETEDGE_ISA asks for one that cannot be had.</summary>
    private static KernelTier? Choose(out string? refusal)
    {
        try
        {
            refusal = null;
            return Backends.Cpu.KernelTiers.Choose(null);
        }
        catch (EdgeException e)
        {
            refusal = e.Message;
            return null;
        }
    }

    /// <summary>Why a tier is used, or is not.</summary>
    private static string Reason(KernelTier tier, KernelTier? used)
    {
        if (tier.Obstacle is { } obstacle) return obstacle;
        if (used is null) return "available";
        bool isAsked = used != Backends.Cpu.KernelTiers.Best;
        if (tier == used)
            return isAsked ? $"used: requested by {Backends.Cpu.KernelTiers.EnvironmentVariable}" : "used: the best that this machine can run";
        return isAsked && Backends.Cpu.KernelTiers.Serves(used, tier)
            ? $"available: {Backends.Cpu.KernelTiers.EnvironmentVariable} requests {used}"
            : $"available: {used} is better";
    }

    private static Part OnnxRuntime()
    {
        try
        {
            var library = OnnxRuntimeLibrary.Load();
            return new Part(OnnxRuntimeEngine.EngineName, true, library.Version, library.Path, null);
        }
        catch (EdgeException e)
        {
            return new Part(OnnxRuntimeEngine.EngineName, false, null, null, e.Message);
        }
    }

    private static Part Cuda()
    {
        try
        {
            using var device = CudaDevice.Find(CudaCalls.Load());
            return new Part(CudaEngine.EngineName, true, $"CUDA {device.DriverVersion}",
                $"{device.Name}, sm_{device.Processor}, {device.MemoryBytes >> 20} MiB", null);
        }
        catch (EdgeException e)
        {
            return new Part(CudaEngine.EngineName, false, null, null, e.Message);
        }
    }

    private static Part Library(string name, string file, string whatThen)
    {
        if (!NativeLibrary.TryLoad(file, out nint handle)) return new Part(name, false, null, null, $"{file} was not found; {whatThen}");
        NativeLibrary.Free(handle);
        return new Part(name, true, null, file, null);
    }
}

/// <summary>A kernel tier on this machine; the reason says why it is used or is not.</summary>
internal sealed record Tier(string Name, bool Available, bool Used, string Needs, string? Obstacle, string Reason);

/// <summary>An engine or a library on this machine; the reason says why it is not available.</summary>
internal sealed record Part(string Name, bool Available, string? Version, string? Path, string? Reason);
