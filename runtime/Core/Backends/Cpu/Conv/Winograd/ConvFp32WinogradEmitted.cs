using ResNetEdge.Backends.Cpu.Emit;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>As <see cref="ConvFp32WinogradAdvSimd"/>, products by machine code: the same bits.</summary>
internal sealed unsafe class ConvFp32WinogradEmitted(ConvFp32WinogradProblem problem)
    : ConvFp32Winograd(problem, WinogradLayout.WidestPanel, WinogradTransform.Of(problem.Outputs), WinogradBlocking.Neon)
{
    public override string Name => nameof(ConvFp32WinogradEmitted);

    /// <summary>The machine code is there, and the convolution has the shape that the method is for.</summary>
    public static new bool CanRun(ConvFp32WinogradProblem problem) => EmittedArm64.Refusal is null && ConvFp32Winograd.CanRun(problem);

    protected override void Multiply(in WinogradProduct p)
    {
        for (int strip = 0; strip < p.Width; strip += ProductArgs.Columns)
        {
            EmittedArm64.Multiply(KernelsArm64.ProductFp32, new ProductArgs
            {
                Inputs = p.Inputs,
                Weights = p.Weights + (long)strip * p.Channels,
                Output = p.Products + strip,
                Start = Zeros.Data,
                GroupPitch = ProductArgs.Rows * p.TilePitch * sizeof(float),
                OutputStride = p.Width * sizeof(float),
                Steps = p.Channels,
                Groups = (p.Tiles + ProductArgs.Rows - 1) / ProductArgs.Rows,
                Count = p.Count,
                NextInputs = p.InputPitch * sizeof(float),
                NextWeights = p.WeightPitch * sizeof(float),
                NextOutput = p.ProductPitch * sizeof(float),
            });
        }
    }
}
