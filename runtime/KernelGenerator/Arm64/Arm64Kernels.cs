namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>The kernels for 64-bit Arm: a name, which becomes a constant of the generated class, and who emits the code.</summary>
internal static class Arm64Kernels
{
    /// <summary>Every kernel; each is <c>void kernel(arguments*)</c> by the procedure call standard (AAPCS64).</summary>
    public static IReadOnlyList<(string Name, Action<Arm64Assembler> Emit)> All { get; } =
    [
        ("ToHalf", HalfConversionEmitter.EmitToHalf),
        ("ToFloat", HalfConversionEmitter.EmitToFloat),
    ];
}
