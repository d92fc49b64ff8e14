using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>
/// <see cref="ConvInt8Winograd"/> for Arm processors without dot products, where a multiplication of 16 bits takes as long as two of 8 bits.
/// </summary>
/// <remarks>Never timed on hardware.</remarks>
internal unsafe class ConvInt8WinogradAdvSimd(ConvInt8Problem problem)
    : ConvInt8Winograd(problem, EpilogueInt8AdvSimd.Of(problem, small: false), pairsChannels: false)
{
    public override string Name => nameof(ConvInt8WinogradAdvSimd);

    /// <summary>Shape, gain, and the bound within which all sums are exact.</summary>
    public static bool CanRun(ConvInt8Problem p) => WinogradInt8Bounds.CanRun(p, WinogradInt8Cost.Neon);

    protected override void Multiply(short* inputs, short* weights, int* products, int groups)
    {
        for (int i = 0; i < WinogradInt8Layout.Products; i++, weights += WeightPitch)
        {
            WinogradInt8Product.Multiply(
                (short*)((byte*)inputs + (long)i * Layout.InputPitch), weights, (int*)((byte*)products + (long)i * Layout.ProductPitch), groups,
                Layout.ChannelBlocks);
        }
    }
}
