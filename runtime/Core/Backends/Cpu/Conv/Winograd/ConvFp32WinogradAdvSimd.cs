namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>Winograd's method whose products are <c>fmla</c>, 4 tiles × 16 channels; transforms by NEON too.</summary>
/// <remarks>
/// Vectors of four channels of four tiles lie side by side: a step of the product reads 64 bytes of inputs and 256 of weights, both in order.
/// Panels of 64 channels are four strips of 16, so that inputs of one product stay in the first-level cache for 64 channels.
/// </remarks>
internal sealed unsafe class ConvFp32WinogradAdvSimd(ConvFp32WinogradProblem problem)
    : ConvFp32Winograd(problem, WinogradLayout.WidestPanel, WinogradTransform.Of(problem.Outputs), WinogradBlocking.Neon)
{
    public override string Name => nameof(ConvFp32WinogradAdvSimd);

    protected override void Multiply(in WinogradProduct p)
    {
        int groups = (p.Tiles + ProductAdvSimd.Rows - 1) / ProductAdvSimd.Rows;
        for (int i = 0; i < p.Count; i++)
        {
            float* inputs = p.Inputs + i * p.InputPitch, weights = p.Weights + i * p.WeightPitch, products = p.Products + i * p.ProductPitch;
            for (int strip = 0; strip < p.Width; strip += ProductAdvSimd.Lanes, weights += (long)ProductAdvSimd.Lanes * p.Channels)
                ProductAdvSimd.Run(inputs, ProductAdvSimd.Rows * p.TilePitch, weights, p.Channels, groups, products + strip, p.Width);
        }
    }
}
