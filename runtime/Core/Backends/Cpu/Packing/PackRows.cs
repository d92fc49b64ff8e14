using ResNetEdge.Backends.Cpu.Conv;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>Weights for the kernels that go along rows.</summary>
internal static unsafe class PackRows
{
    /// <summary>Channels of a panel.</summary>
    public const int Width = 16;

    /// <summary>[panel][filter row][input channel][filter column][16]; lanes without a channel are zero.</summary>
    /// <param name="weights">[output channels][group's input channels][taps], as ONNX stores them.</param>
    /// <param name="s">Geometry of the convolution.</param>
    /// <param name="panels">Strips of <see cref="Width"/> channels.</param>
    public static NativeBlock<float> Weights(ReadOnlySpan<float> weights, ConvShape s, ConvPanel[] panels)
    {
        var packed = new NativeBlock<float>((long)panels.Length * Width * s.Depth);
        float* to = packed.Data;
        foreach (var panel in panels)
        {
            for (int row = 0; row < s.KernelHeight; row++)
            {
                for (int channel = 0; channel < s.GroupInputChannels; channel++)
                {
                    for (int column = 0; column < s.KernelWidth; column++, to += Width)
                    {
                        int place = channel * s.Taps + row * s.KernelWidth + column;
                        for (int lane = 0; lane < panel.Count; lane++) to[lane] = weights[(panel.First + lane) * s.Depth + place];
                    }
                }
            }
        }

        return packed;
    }

    /// <summary>[channel][16]: the lane in which a channel of a lane's own group lies; empty for 0.</summary>
    public static NativeBlock<int> Permutations(int groupChannels)
    {
        var lanes = new NativeBlock<int>((long)groupChannels * Width);
        for (int i = 0; i < lanes.Count; i++) lanes.Data[i] = i % Width / groupChannels * groupChannels + i / Width;
        return lanes;
    }
}
