using ResNetEdge.Backends.Cpu.Emit;

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
        ("ProductFp32Columns", a => ProductEmitter.Emit(a, ProductKind.Fp32Columns)),
        ("ProductFp32Finished", a => ProductEmitter.Emit(a, ProductKind.Fp32Finished)),
        ("ProductInt8Dot", a => ProductEmitter.Emit(a, ProductKind.Int8Dot)),
        ("ProductInt16", a => ProductEmitter.Emit(a, ProductKind.Int16)),
        ("ProductInt8Pairs", PairsEmitter.Emit),
        .. Enumerable.Range(1, HalfConvArgs.Rows).Select(rows => ($"HalfConv{rows}", Emitter(a => HalfConvEmitter.Emit(a, rows)))),
        .. CodeSet.WinogradOutputs.Select(m => ($"HalfWinogradInput{m}", Emitter(a => HalfWinogradInputEmitter.Emit(a, m)))),
        .. CodeSet.WinogradOutputs.Select(m => ($"HalfWinogradOutput{m}", Emitter(a => HalfWinogradOutputEmitter.Emit(a, m)))),
        ("HalfDepthwise", HalfDepthwiseEmitter.EmitOne),
        ("HalfDepthwise3x1", a => HalfDepthwiseEmitter.EmitFour(a, kernel: 3, stride: 1)),
        ("HalfDepthwise3x2", a => HalfDepthwiseEmitter.EmitFour(a, kernel: 3, stride: 2)),
        ("HalfDepthwise5x1", a => HalfDepthwiseEmitter.EmitFour(a, kernel: 5, stride: 1)),
        ("HalfDepthwise5x2", a => HalfDepthwiseEmitter.EmitFour(a, kernel: 5, stride: 2)),
        ("HalfAdd", HalfAddEmitter.Emit),
        ("HalfMaxPool", HalfPoolEmitter.EmitMax),
        ("HalfAveragePool", HalfPoolEmitter.EmitAverage),
    ];

    private static Action<Arm64Assembler> Emitter(Action<Arm64Assembler> emit) => emit;
}
