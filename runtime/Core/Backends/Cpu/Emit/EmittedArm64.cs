using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>The machine code of the kernels for 64-bit Arm, mapped executable on first use and for the life of the process.</summary>
internal static class EmittedArm64
{
    private static readonly CodeMemory? Memory = Map(out RefusalOfMapping);
    private static readonly string? RefusalOfMapping;

    /// <summary>Null when the code is mapped, else why not.</summary>
    public static string? Refusal => RefusalOfMapping;

    /// <summary>Calls the kernel at an offset of the code, a constant of <see cref="KernelsArm64"/>, with its arguments.</summary>
    /// <exception cref="InvalidOperationException">The system refused to map it.</exception>
    public static unsafe void Call(int offset, void* arguments) => ((delegate* unmanaged<void*, void>)At(offset))(arguments);

    /// <summary>Calls a matrix product.</summary>
    /// <param name="offset">A constant of <see cref="KernelsArm64"/> whose name begins with Product.</param>
    /// <param name="args">A copy, of which the code moves pointers.</param>
    public static unsafe void Multiply(int offset, ProductArgs args) => Call(offset, &args);

    /// <summary>Address of byte <paramref name="offset"/> of the code.</summary>
    /// <exception cref="InvalidOperationException">The system refused to map it.</exception>
    public static nint At(int offset) => (Memory ?? throw new InvalidOperationException(RefusalOfMapping)).At(offset);

    /// <summary>A constant for the compiler: the image of another architecture holds none of the code.</summary>
    private static CodeMemory? Map(out string? refusal)
    {
        if (AdvSimd.Arm64.IsSupported)
            return CodeMemory.TryMap(MemoryMarshal.AsBytes(KernelsArm64.Code), out refusal);
        refusal = "the kernels are for 64-bit Arm";
        return null;
    }
}
