using ResNetEdge.Backends.Cpu.Emit;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>The transforms by 512-bit vectors, machine code of our own (runtime/KernelGenerator); bit for bit the AVX2 transforms' results.</summary>
internal sealed unsafe class WinogradAvx512(int outputs) : WinogradTransform
{
    private readonly WinogradTransform _definition = Of(outputs);
    private readonly int _input = outputs == 4 ? ConvAvx512.WinogradInput4 : ConvAvx512.WinogradInput2;
    private readonly int _output = outputs == 4 ? ConvAvx512.WinogradOutput4 : ConvAvx512.WinogradOutput2;

    public override int Outputs => _definition.Outputs;

    public override int Roundings => _definition.Roundings;

    public override void Weights(float* taps, float* products, nint pitch) => _definition.Weights(taps, products, pitch);

    public override void Input(in WinogradBlock block)
    {
        var args = new WinogradInputArgs
        {
            Arena = block.Arena,
            Offsets = block.Offsets,
            Transformed = block.Transformed,
            Pitch = block.Pitch * sizeof(float),
            TilePitch = block.TilePitch * sizeof(float),
            Vectors = (block.Channels + 15) / 16,
            Tiles = block.Tiles,
        };
        ((delegate* unmanaged<WinogradInputArgs*, void>)EmittedCode.At(_input))(&args);
    }

    public override void Output(float* products, nint pitch, in WinogradEpilogue epilogue)
    {
        fixed (WinogradEpilogue* args = &epilogue)
            ((delegate* unmanaged<WinogradEpilogue*, float*, long, void>)EmittedCode.At(_output))(args, products, pitch * sizeof(float));
    }
}
