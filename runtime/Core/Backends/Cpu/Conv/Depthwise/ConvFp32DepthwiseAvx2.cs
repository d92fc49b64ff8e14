using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>Depthwise convolution in float32, eight channels at a time: the bias, then one FMA a tap; the same error bound as all.</summary>
internal sealed unsafe class ConvFp32DepthwiseAvx2 : PreparedKernel
{
    private const int Lanes = 8;
    private readonly ConvFp32Problem _problem;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<float> _weights; // [panel][tap][8]
    private readonly NativeBlock<float> _bias;

    public ConvFp32DepthwiseAvx2(ConvFp32Problem problem)
    {
        _problem = problem;
        _panels = ConvPanel.Strips(problem.Shape.OutputChannels, Lanes);
        _indirection = new Indirection(new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, sizeof(float)));
        _bias = PackChannels.Floats(problem.Bias, _panels);
        int taps = problem.Shape.Taps;
        _weights = new NativeBlock<float>((long)_panels.Length * Lanes * taps);
        var weights = problem.Weights.Span;
        for (int n = 0; n < problem.Shape.OutputChannels; n++)
        {
            for (int tap = 0; tap < taps; tap++)
                _weights.Data[(n / Lanes * taps + tap) * Lanes + n % Lanes] = weights[n * taps + tap];
        }
    }

    public override string Name => nameof(ConvFp32DepthwiseAvx2);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes;

    /// <summary>One input and one output channel a group.</summary>
    public static bool CanRun(ConvFp32Problem problem) =>
        problem.Shape.Groups > 1 && problem.Shape is { GroupInputChannels: 1, GroupOutputChannels: 1 };

    public override void Run(byte* arena, int part, int parts)
    {
        var p = _problem;
        int taps = p.Shape.Taps;
        var (start, end) = KernelPart.Range(p.Shape.Pixels, part, parts);
        for (int pixel = start; pixel < end; pixel++)
        {
            byte* output = arena + p.Output.Offset + (long)pixel * p.Output.PixelStride;
            byte* residual = p.Residual is { } r ? arena + r.Offset + (long)pixel * r.PixelStride : null;
            int done = residual == null ? Quads(arena, pixel, (float*)output) : 0;
            foreach (ref readonly var panel in _panels.AsSpan(done))
            {
                var sum = Sum(arena + panel.First * sizeof(float), _indirection.Offsets + pixel, _weights.Data + (long)panel.Lane * taps,
                    _bias.Data + panel.Lane);
                if (residual != null)
                    sum += Vector256.Load((float*)residual + panel.First); // May read past the last channel (ReadSlack).
                Store(Avx.Min(Vector256.Create(p.High), Avx.Max(Vector256.Create(p.Low), sum)), (float*)output + panel.First, panel.Count);
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

    /// <summary>Four whole panels at a time share a tap's offset, and their sums do not depend on each other.</summary>
    /// <returns>Panels done.</returns>
    private int Quads(byte* arena, int pixel, float* output)
    {
        int taps = _problem.Shape.Taps, pitch = _indirection.Pixels,
            panelWeights = taps * Lanes, whole = _problem.Shape.OutputChannels / (4 * Lanes) * 4;
        Vector256<float> low = Vector256.Create(_problem.Low), high = Vector256.Create(_problem.High);
        for (int panel = 0; panel < whole; panel += 4)
        {
            uint* offsets = _indirection.Offsets + pixel;
            float* w = _weights.Data + (long)panel * panelWeights, bias = _bias.Data + panel * Lanes;
            byte* input = arena + panel * Lanes * sizeof(float);
            Vector256<float> c0 = Vector256.Load(bias), c1 = Vector256.Load(bias + 8), c2 = Vector256.Load(bias + 16), c3 = Vector256.Load(bias + 24);
            for (int tap = 0; tap < taps; tap++, offsets += pitch, w += Lanes)
            {
                float* x = (float*)(input + *offsets);
                c0 = Fma.MultiplyAdd(Vector256.Load(x), Vector256.Load(w), c0);
                c1 = Fma.MultiplyAdd(Vector256.Load(x + 8), Vector256.Load(w + panelWeights), c1);
                c2 = Fma.MultiplyAdd(Vector256.Load(x + 16), Vector256.Load(w + 2 * panelWeights), c2);
                c3 = Fma.MultiplyAdd(Vector256.Load(x + 24), Vector256.Load(w + 3 * panelWeights), c3);
            }

            float* y = output + panel * Lanes;
            Avx.Min(high, Avx.Max(low, c0)).Store(y);
            Avx.Min(high, Avx.Max(low, c1)).Store(y + 8);
            Avx.Min(high, Avx.Max(low, c2)).Store(y + 16);
            Avx.Min(high, Avx.Max(low, c3)).Store(y + 24);
        }

        return whole;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Sum(byte* input, uint* offsets, float* weights, float* bias)
    {
        var sum = Vector256.Load(bias);
        for (int tap = 0; tap < _problem.Shape.Taps; tap++, offsets += _indirection.Pixels, weights += Lanes)
            sum = Fma.MultiplyAdd(Vector256.Load((float*)(input + *offsets)), Vector256.Load(weights), sum);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> f, float* output, int count)
    {
        if (count == Lanes)
            f.Store(output);
        else
            Avx.MaskStore(output, Vector256.GreaterThan(Vector256.Create(count), Vector256<int>.Indices).AsSingle(), f);
    }
}
