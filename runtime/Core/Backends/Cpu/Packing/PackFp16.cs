using ResNetEdge.Backends.Cpu.Conv;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Model;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>
/// Weights in half precision: [panel][products in whole blocks][16]; lanes without a channel and products beyond the last are zero.
/// </summary>
internal static unsafe class PackFp16
{
    /// <summary>Rounds the weights, to nearest and ties to even.</summary>
    /// <param name="weights">ONNX order, all output channels.</param>
    /// <param name="layout">How the taps of a channel lie one behind the other.</param>
    /// <param name="panels">Of 16 lanes.</param>
    /// <param name="depth">Products of a sum, rounded up to whole blocks.</param>
    public static NativeBlock<Half> Pack(ReadOnlySpan<float> weights, ConvLayout layout, ConvPanel[] panels, int depth)
    {
        int lanes = panels[0].Width;
        long steps = (long)layout.Taps * layout.TapLength * lanes;
        var packed = new NativeBlock<Half>((long)panels.Length * depth * lanes);
        using var floats = PackFp32.Pack(weights, layout, panels);
        for (int panel = 0; panel < panels.Length; panel++)
            EmittedHalves.Narrow(floats.Data + panel * steps, packed.Data + (long)panel * depth * lanes, steps);
        return packed;
    }

    /// <summary>One number for each lane, rounded.</summary>
    public static NativeBlock<Half> Channels(ReadOnlySpan<float> values, ConvPanel[] panels)
    {
        using var floats = PackChannels.Floats(values, panels);
        var packed = new NativeBlock<Half>(floats.Count);
        HalfNumbers.Narrow(new ReadOnlySpan<float>(floats.Data, (int)floats.Count), new Span<Half>(packed.Data, (int)packed.Count));
        return packed;
    }
}
