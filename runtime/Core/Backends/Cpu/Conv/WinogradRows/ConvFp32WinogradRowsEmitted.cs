using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Emit;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradRows;

/// <summary>Winograd's method along rows whose products are <c>fmla</c> in machine code.</summary>
/// <remarks>Never timed on hardware: benchmarks/results/arm64-estimates.jsonl.</remarks>
internal sealed unsafe class ConvFp32WinogradRowsEmitted(ConvFp32WinogradRowsProblem problem) : ConvFp32WinogradRows(problem)
{
    public override string Name => nameof(ConvFp32WinogradRowsEmitted);

    /// <summary>The machine code is there, and the convolution has the shape that the method is for.</summary>
    public static bool CanRun(ConvFp32WinogradRowsProblem problem) => EmittedArm64.Refusal is null && HasShape(problem.Conv.Shape);

    protected override void Multiply(in WinogradProduct p) => EmittedArm64.Multiply(KernelsArm64.ProductFp32Columns, new ProductArgs
    {
        Inputs = p.Inputs,
        Weights = p.Weights,
        Output = p.Products,
        Start = Zeros.Data,
        GroupPitch = p.TilePitch * sizeof(float),
        OutputStride = p.Width * sizeof(float),
        Steps = p.Channels,
        Groups = p.Tiles / ProductArgs.Rows,
        Count = p.Count,
        NextInputs = p.InputPitch * sizeof(float),
        NextWeights = p.WeightPitch * sizeof(float),
        NextOutput = p.ProductPitch * sizeof(float),
    });
}
