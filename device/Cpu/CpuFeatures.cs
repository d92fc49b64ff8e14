using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cpu;

/// <summary>
/// What the processor and the system really offer. In a Native AOT image <c>IsSupported</c> of the vector classes is a constant of
/// the build; <c>CpuId</c> is not. The system must also save the registers (XCR0).
/// </summary>
internal static unsafe class CpuFeatures
{
    /// <summary>XCR0 bits: SSE, AVX, opmask, upper halves of zmm0-15, zmm16-31.</summary>
    private const ulong Avx512State = 0xE6;

    /// <summary>XCR0 bits: tile configuration, tiles.</summary>
    private const ulong AmxState = 0x60000;

    /// <summary>xor ecx, ecx; xgetbv; shl rdx, 32; or rax, rdx; ret: there is no intrinsic for it.</summary>
    private static ReadOnlySpan<byte> ReadXcr0 => [0x31, 0xC9, 0x0F, 0x01, 0xD0, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0, 0xC3];

    /// <summary>Read when a report asks, not at every start.</summary>
    private static readonly Lazy<ArmCpuInfo> Arm = new(ReadArm);

    private static readonly string X86ModelName = ReadModelName();

    private static readonly List<string> X86Names = ListNames();

    /// <summary>The processor's own name, e.g. <c>AMD EPYC</c> or <c>4 Cortex-A55 + 4 Cortex-A76</c>; empty where it has none.</summary>
    public static string ModelName => ArmBase.Arm64.IsSupported ? Arm.Value.ModelName : X86ModelName;

    /// <summary>Whether the processor itself has AVX-512 F, BW, DQ and VL; the system may still not let them be used.</summary>
    public static bool ProcessorHasAvx512Bw { get; } = Leaf7() is var (ebx, _, _) && Bit(ebx, 16) && Bit(ebx, 17) && Bit(ebx, 30) && Bit(ebx, 31);

    /// <summary>Whether the processor itself has AVX-512 VNNI as well.</summary>
    public static bool ProcessorHasAvx512Vnni { get; } = ProcessorHasAvx512Bw && Bit(Leaf7().Ecx, 11);

    /// <summary>Whether the processor itself has AMX tiles and their int8 products, and AVX-512 VNNI.</summary>
    public static bool ProcessorHasAmxInt8 { get; } = ProcessorHasAvx512Vnni && Bit(Leaf7().Edx, 24) && Bit(Leaf7().Edx, 25);

    /// <summary>Null when the system saves the registers of AVX-512, or the processor has none; else why they cannot be used.</summary>
    public static string? Avx512Refusal { get; } = ProcessorHasAvx512Bw ? CheckState(Avx512State, "AVX-512") : null;

    /// <summary>
    /// Null when the system knows the registers of AMX, or the processor has none; else why they cannot be used. See <see cref="AmxPermission"/>.
    /// </summary>
    public static string? AmxRefusal { get; } = ProcessorHasAmxInt8 ? CheckState(AmxState, "AMX") : null;

    /// <summary>AVX-512 F, BW, DQ, VL and VNNI can be used.</summary>
    public static bool HasAvx512Vnni => ProcessorHasAvx512Vnni && Avx512Refusal is null;

    /// <summary>A 64-bit Arm processor computes in half precision, eight numbers at once (FEAT_FP16; <c>asimdhp</c> in /proc/cpuinfo).</summary>
    public static bool HasArmHalf { get; } =
        ArmBase.Arm64.IsSupported && (Libc.AuxiliaryValue(Libc.HardwareCapabilities) & Libc.HardwareAsimdHp) != 0;

    /// <summary>Features in /proc/cpuinfo's spelling that matter to kernels, present in this processor whether used or not.</summary>
    public static IReadOnlyList<string> Names => ArmBase.Arm64.IsSupported ? Arm.Value.Features : X86Names;

    /// <summary>Zeros where the processor has no such leaf, or the system does not manage registers with xsave.</summary>
    private static (int Ebx, int Ecx, int Edx) Leaf7()
    {
        const int OsXsave = 27;
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7 || !Bit(X86Base.CpuId(1, 0).Ecx, OsXsave))
            return default;
        var (_, ebx, ecx, edx) = X86Base.CpuId(7, 0);
        return (ebx, ecx, edx);
    }

    private static string? CheckState(ulong wanted, string registers)
    {
        using var code = CodeMemory.TryMap(ReadXcr0, out string? refusal);
        if (code is null)
            return refusal;
        ulong state = ((delegate* unmanaged<ulong>)code.At(0))();
        return (state & wanted) == wanted ? null : $"the system does not save the registers of {registers}";
    }

    private static List<string> ListNames()
    {
        var names = new List<string>();
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
            return names;
        var (_, _, features, _) = X86Base.CpuId(1, 0);
        var (leaves, ebx, ecx, edx) = X86Base.CpuId(7, 0);
        int extended = leaves >= 1 ? X86Base.CpuId(7, 1).Eax : 0;
        ReadOnlySpan<(int Register, int Bit, string Name)> known =
        [
            (features, 12, "fma"), (ebx, 5, "avx2"), (extended, 4, "avx_vnni"), (ebx, 16, "avx512f"), (ebx, 30, "avx512bw"),
            (ecx, 11, "avx512_vnni"), (edx, 24, "amx_tile"), (edx, 25, "amx_int8"),
        ];
        foreach (var (register, bit, name) in known)
        {
            if (Bit(register, bit))
                names.Add(name);
        }

        return names;
    }

    private static string ReadModelName()
    {
        const uint First = 0x80000002, Last = 0x80000004;
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < Last)
            return "";
        var words = new List<int>();
        for (uint leaf = First; leaf <= Last; leaf++)
        {
            var (eax, ebx, ecx, edx) = X86Base.CpuId(unchecked((int)leaf), 0);
            words.AddRange([eax, ebx, ecx, edx]);
        }

        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>(words.ToArray())).Trim('\0', ' ');
    }

    /// <summary>Nothing where the system hides the file: names are for reports, kernels ask <c>IsSupported</c>.</summary>
    private static ArmCpuInfo ReadArm()
    {
        try
        {
            return ArmCpuInfo.Parse(File.ReadLines("/proc/cpuinfo"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ArmCpuInfo.Parse([]);
        }
    }

    private static bool Bit(int register, int bit) => (register >> bit & 1) != 0;
}
