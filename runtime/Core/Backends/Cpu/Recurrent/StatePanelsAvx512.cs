using ResNetEdge.Backends.Cpu.Conv;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>
/// The product by the machine code of the float convolution: a state is a picture of one pixel, and the sums so far are its bias. For few sequences,
/// whose time is that of reading the weights once for each.
/// </summary>
internal sealed unsafe class StatePanelsAvx512 : IStateProduct
{
    private const int PanelWidth = 64, BlockSteps = 4;
    private readonly int _hidden;
    private readonly ConvPanel[] _panels;
    private readonly NativeBlock<float> _weights;

    /// <param name="weights">[column][hidden].</param>
    /// <param name="hidden">Numbers of a state.</param>
    public StatePanelsAvx512(ReadOnlySpan<float> weights, int hidden)
    {
        _hidden = hidden;
        var shape = new ConvShape
        {
            InputHeight = 1,
            InputWidth = 1,
            InputChannels = hidden,
            OutputChannels = weights.Length / hidden,
            KernelHeight = 1,
            KernelWidth = 1,
        };
        int bytes = hidden * sizeof(float);
        var layout = new ConvLayout(shape, new Placement(0, bytes, bytes, bytes), 0, sizeof(float));
        _panels = ConvPanel.Cut(layout, PanelWidth);
        _weights = PackFp32.Pack(weights, layout, _panels);
    }

    public long Bytes => _weights.Bytes;

    public void Add(float* state, long statePitch, float* sums, long sumsPitch, int rows)
    {
        uint offset = 0;
        int blocks = (_hidden + BlockSteps - 1) / BlockSteps, skip = blocks * BlockSteps - _hidden;
        var args = new ConvArgs
        {
            Offsets = &offset,
            Tiles = 1,
            Taps = 1,
            Blocks = blocks,
            Skip = skip,
            Low = BitConverter.SingleToInt32Bits(float.NegativeInfinity),
        };
        *(float*)args.High = float.PositiveInfinity;
        for (int row = 0; row < rows; row++)
        {
            args.Base = (byte*)(state + row * statePitch - skip);
            foreach (ref readonly var panel in _panels.AsSpan())
            {
                args.Weights = _weights.Data + (long)panel.Lane * _hidden;
                args.Bias = args.Output = (byte*)(sums + row * sumsPitch + panel.First);
                args.Mask = ulong.MaxValue >> (64 - panel.Count);
                NativeRunner.Instance.Call(TileSet.Fp32(panel.Width)[1], &args);
            }
        }

        GC.KeepAlive(this);
    }

    public void Dispose() => _weights.Dispose();
}
