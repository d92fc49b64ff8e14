using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Backends.Cpu;

/// <summary>The kernel tiers: one ladder for each processor architecture, best first; the order is meaning, and both end at the references.</summary>
internal static class KernelTiers
{
    /// <summary>Names a tier for every process of a shell; <c>--isa</c> comes first.</summary>
    public const string EnvironmentVariable = "RESNETEDGE_ISA";

    /// <summary>Machine code of our own for AMX, int8; interpreted by tests, timed on no machine yet.</summary>
    public static KernelTier Amx { get; } = new("amx", "AMX with int8, AVX-512 VNNI, and executable memory", AmxObstacle);

    /// <summary>Machine code of our own for AVX-512 VNNI, int8.</summary>
    public static KernelTier Avx512Vnni { get; } = new("avx512vnni", "AVX-512 F, BW, DQ, VL and VNNI, and executable memory", Avx512VnniObstacle);

    /// <summary>Machine code of our own for AVX-512, fp32 and int8, without VNNI.</summary>
    public static KernelTier Avx512Bw { get; } = new("avx512bw", "AVX-512 F, BW, DQ and VL, and executable memory", Avx512BwObstacle);

    /// <summary>AVX-VNNI by intrinsics, on top of AVX2.</summary>
    public static KernelTier AvxVnni { get; } = new("avxvnni", "AVX-VNNI, AVX2 and FMA", static () =>
        System.Runtime.Intrinsics.X86.AvxVnni.IsSupported && Fma.IsSupported ? null : "this processor or this build lacks AVX-VNNI");

    /// <summary>AVX2 and FMA by intrinsics.</summary>
    public static KernelTier Avx2 { get; } = new("avx2", "AVX2 and FMA", static () =>
        System.Runtime.Intrinsics.X86.Avx2.IsSupported && Fma.IsSupported ? null : "this processor or this build lacks AVX2 or FMA");

    /// <summary>Machine code of our own for half precision (FEAT_FP16; <c>asimdhp</c> in /proc/cpuinfo), on top of dot products.</summary>
    public static KernelTier NeonHalf { get; } = new(
        "neonhalf", "64-bit Arm with half precision (FEAT_FP16) and dot products (FEAT_DotProd), and executable memory", NeonHalfObstacle);

    /// <summary>The dot products of Arm's FEAT_DotProd (<c>sdot</c>; <c>asimddp</c> in /proc/cpuinfo), on top of NEON.</summary>
    public static KernelTier NeonDot { get; } = new("neondot", "64-bit Arm with dot products (FEAT_DotProd)", NeonDotObstacle);

    /// <summary>NEON (Advanced SIMD), which every 64-bit Arm processor for Linux has.</summary>
    public static KernelTier Neon { get; } = new("neon", "64-bit Arm", NeonObstacle);

    /// <summary>The reference kernels, which are the definition.</summary>
    public static KernelTier Scalar { get; } = new("scalar", "nothing", static () => null);

    /// <summary>Ladders, best first. A processor can run tiers of one ladder only.</summary>
    private static readonly KernelTier[][] Ladders = [[Amx, Avx512Vnni, Avx512Bw, AvxVnni, Avx2, Scalar], [NeonHalf, NeonDot, Neon, Scalar]];

    /// <summary>Every tier once, each ladder best first, the references last.</summary>
    public static IReadOnlyList<KernelTier> All { get; } = [.. Ladders.SelectMany(ladder => ladder.SkipLast(1)), Scalar];

    /// <summary>The ladder of this process's architecture, best first: what a report lists.</summary>
    public static IReadOnlyList<KernelTier> OfThisArchitecture { get; } = ArmBase.Arm64.IsSupported ? Ladders[1] : Ladders[0];

    /// <summary>The best tier that this process can run.</summary>
    public static KernelTier Best => All.First(tier => tier.IsAvailable);

    /// <summary>Names of the tiers that this process can run, best first.</summary>
    public static IEnumerable<string> AvailableNames => All.Where(tier => tier.IsAvailable).Select(tier => tier.Name);

    /// <summary>
    /// A sentence for people when the processor has a better tier than the one that can be used, because the system refuses
    /// executable memory or registers; null otherwise. Programs say it once.
    /// </summary>
    public static string? Downgrade => BestOfProcessor is { Obstacle: { } obstacle } refused
        ? $"the {refused} kernels cannot be used ({obstacle}); the {Best} kernels are used instead"
        : null;

    /// <summary>The best tier by the processor alone, whatever the system allows; null below those that need its permission.</summary>
    private static KernelTier? BestOfProcessor =>
        CpuFeatures.HasArmHalf && NeonDot.IsAvailable ? NeonHalf
        : CpuFeatures.ProcessorHasAmxInt8 ? Amx
        : CpuFeatures.ProcessorHasAvx512Vnni ? Avx512Vnni
        : CpuFeatures.ProcessorHasAvx512Bw ? Avx512Bw : null;

    /// <summary>The tier that was asked for, else the environment's, else the best.</summary>
    /// <param name="asked">Its name, or null.</param>
    /// <exception cref="EdgeException">Exit 5: no such tier, or this machine lacks it.</exception>
    public static KernelTier Choose(string? asked)
    {
        string? name = asked ?? Environment.GetEnvironmentVariable(EnvironmentVariable);
        return string.IsNullOrEmpty(name) ? Best : Find(name);
    }

    /// <summary>The tier of this name, provided that this process can run it.</summary>
    /// <exception cref="EdgeException">Exit 5: no such tier, or this machine lacks it.</exception>
    public static KernelTier Find(string name)
    {
        var tier = All.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw EdgeException.Unavailable($"unknown kernel tier '{name}'; this machine has: {string.Join(", ", AvailableNames)}");
        return tier.Obstacle is { } obstacle
            ? throw EdgeException.Unavailable(
                $"kernel tier '{name}' cannot run here: {obstacle}; this machine has: {string.Join(", ", AvailableNames)}")
            : tier;
    }

    /// <summary>
    /// True when a kernel of tier <paramref name="kernel"/> may serve a request for tier <paramref name="asked"/>: it stands on the same
    /// ladder, there or lower.
    /// </summary>
    public static bool Serves(KernelTier kernel, KernelTier asked)
    {
        foreach (var ladder in Ladders)
        {
            int step = Array.IndexOf(ladder, asked);
            if (step >= 0 && Array.IndexOf(ladder, kernel) >= step)
                return true;
        }

        return false;
    }

    private static string? AmxObstacle() => CpuFeatures.ProcessorHasAmxInt8
        ? Avx512VnniObstacle() ?? AmxPermission.Refusal
        : "this processor lacks AMX with int8";

    private static string? NeonHalfObstacle() => NeonDotObstacle()
        ?? (CpuFeatures.HasArmHalf ? EmittedArm64.Refusal : "this processor lacks arithmetic in half precision (FEAT_FP16)");

    private static string? NeonDotObstacle() => NeonObstacle() ?? (Dp.IsSupported ? null : "this processor lacks dot products (FEAT_DotProd)");

    private static string? NeonObstacle() => AdvSimd.Arm64.IsSupported
        ? null
        : $"this program was built for {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()} "
            + "processors, and the tier needs a 64-bit Arm one";

    private static string? Avx512VnniObstacle() => CpuFeatures.ProcessorHasAvx512Vnni
        ? Avx512BwObstacle()
        : "this processor lacks AVX-512 VNNI";

    private static string? Avx512BwObstacle() => CpuFeatures.ProcessorHasAvx512Bw
        ? CpuFeatures.Avx512Refusal ?? EmittedCode.Refusal
        : "this processor lacks AVX-512 BW";
}
