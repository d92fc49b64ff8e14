using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>As <see cref="ConvInt8WinogradAdvSimd"/>, products by machine code.</summary>
internal sealed unsafe class ConvInt8WinogradEmitted(ConvInt8Problem problem) : ConvInt8WinogradAdvSimd(problem)
{
    private readonly NativeBlock<int> _zeros = new(WinogradInt8Layout.Lanes);

    public override string Name => nameof(ConvInt8WinogradEmitted);

    /// <summary>The machine code is there, and the method is exact and pays.</summary>
    public static new bool CanRun(ConvInt8Problem p) => EmittedArm64.Refusal is null && ConvInt8WinogradAdvSimd.CanRun(p);

    protected override void Multiply(short* inputs, short* weights, int* products, int groups) =>
        EmittedArm64.Multiply(KernelsArm64.ProductInt16, new ProductArgs
        {
            Inputs = inputs,
            Weights = weights,
            Output = products,
            Start = _zeros.Data,
            GroupPitch = Layout.GroupBytes,
            OutputStride = WinogradInt8Layout.Lanes * sizeof(int),
            Steps = (long)Layout.ChannelBlocks * WinogradInt8Layout.Channels,
            Groups = groups,
            Count = WinogradInt8Layout.Products,
            NextInputs = Layout.InputPitch,
            NextWeights = WeightPitch * sizeof(short),
            NextOutput = Layout.ProductPitch,
        });

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _zeros.Dispose();
    }
}
