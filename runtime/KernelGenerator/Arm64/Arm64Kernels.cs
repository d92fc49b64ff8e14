namespace ResNetEdge.KernelGenerator.Arm64;

/// <summary>The kernels for 64-bit Arm: a name, which becomes a constant of the generated class, and who emits the code.</summary>
internal static class Arm64Kernels
{
    /// <summary>Every kernel; each is <c>void kernel(arguments*)</c> by the procedure call standard (AAPCS64).</summary>
    public static IReadOnlyList<(string Name, Action<Arm64Assembler> Emit)> All { get; } =
    [
        ("ToHalf", HalfConversionEmitter.EmitToHalf),
        ("ToFloat", HalfConversionEmitter.EmitToFloat),
        ("ProductFp32", a => ProductEmitter.Emit(a, ProductKind.Fp32)),
        ("ProductFp32Finished", a => ProductEmitter.Emit(a, ProductKind.Fp32Finished)),
        ("ProductInt8Dot", a => ProductEmitter.Emit(a, ProductKind.Int8Dot)),
        ("ProductInt16", a => ProductEmitter.Emit(a, ProductKind.Int16)),
        ("ProductInt8Pairs", PairsEmitter.Emit),
    ];
}
