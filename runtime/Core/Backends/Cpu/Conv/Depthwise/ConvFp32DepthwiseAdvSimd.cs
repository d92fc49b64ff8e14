using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>Depthwise convolution in float32, eight channels at a time: the bias, then one FMA a tap; the same error bound as all.</summary>
internal sealed unsafe class ConvFp32DepthwiseAdvSimd : PreparedKernel
{
    private const int Lanes = 8;
    private readonly ConvFp32Problem _problem;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<float> _weights; // [panel][tap][8]
    private readonly NativeBlock<float> _bias;

    public ConvFp32DepthwiseAdvSimd(ConvFp32Problem problem)
    {
        _problem = problem;
        _panels = ConvPanel.Strips(problem.Shape.OutputChannels, Lanes);
        _indirection = new Indirection(new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, sizeof(float)));
        _bias = PackChannels.Floats(problem.Bias, _panels);
        _weights = PackDepthwise.Pack(problem.Weights.Span, problem.Shape, _panels);
    }

    public override string Name => nameof(ConvFp32DepthwiseAdvSimd);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes;

    /// <summary>One input and one output channel a group.</summary>
    public static bool CanRun(ConvFp32Problem problem) =>
        problem.Shape.Groups > 1 && problem.Shape is { GroupInputChannels: 1, GroupOutputChannels: 1 };

    public override void Run(byte* arena, int part, int parts)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        var p = _problem;
        int taps = p.Shape.Taps;
        Vector128<float> lowest = Vector128.Create(p.Low), highest = Vector128.Create(p.High);
        var (start, end) = KernelPart.Range(p.Shape.Pixels, part, parts);
        for (int pixel = start; pixel < end; pixel++)
        {
            byte* output = arena + p.Output.Offset + (long)pixel * p.Output.PixelStride;
            byte* residual = p.Residual is { } r ? arena + r.Offset + (long)pixel * r.PixelStride : null;
            foreach (ref readonly var panel in _panels.AsSpan())
            {
                Vector128<float> c0 = Vector128.Load(_bias.Data + panel.Lane), c1 = Vector128.Load(_bias.Data + panel.Lane + 4);
                Sum(arena + panel.First * sizeof(float), _indirection.Offsets + pixel, _weights.Data + (long)panel.Lane * taps, ref c0, ref c1);
                if (residual != null)
                {
                    // May read past the last channel (ReadSlack).
                    c0 += Vector128.Load((float*)residual + panel.First);
                    c1 += Vector128.Load((float*)residual + panel.First + 4);
                }

                LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(c0, lowest, highest), (float*)output + panel.First, panel.Count);
                LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(c1, lowest, highest), (float*)output + panel.First + 4, panel.Count - 4);
            }
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _indirection.Dispose();
        _weights.Dispose();
        _bias.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Sum(byte* input, uint* offsets, float* w, ref Vector128<float> c0, ref Vector128<float> c1)
    {
        for (int tap = 0; tap < _problem.Shape.Taps; tap++, offsets += _indirection.Pixels, w += Lanes)
        {
            float* x = (float*)(input + *offsets);
            c0 = AdvSimd.FusedMultiplyAdd(c0, Vector128.Load(x), Vector128.Load(w));
            c1 = AdvSimd.FusedMultiplyAdd(c1, Vector128.Load(x + 4), Vector128.Load(w + 4));
        }
    }
}
