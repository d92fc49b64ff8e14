using System.Runtime.InteropServices;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>The machine code of the kernels whose instructions .NET lacks, mapped executable on first use and for the life of the process.</summary>
internal static class EmittedCode
{
    private static readonly CodeMemory? Memory = CodeMemory.TryMap(MemoryMarshal.AsBytes(ConvAvx512.Code), out RefusalOfMapping);
    private static readonly string? RefusalOfMapping;

    /// <summary>Null when the code is mapped, else why the system refused.</summary>
    public static string? Refusal => RefusalOfMapping;

    /// <summary>Address of byte <paramref name="offset"/> of the code.</summary>
    /// <exception cref="InvalidOperationException">The system refused to map it.</exception>
    public static nint At(int offset) => (Memory ?? throw new InvalidOperationException(RefusalOfMapping)).At(offset);
}
