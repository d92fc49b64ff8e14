using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>
/// Depthwise convolution of 1×1, 3×3, 5×5 or 7×7, u8 × s8 → s32 by <c>vpdpbusd</c> over four taps of a channel, 64 channels at a time; machine
/// code of our own, runtime/KernelGenerator/DepthwiseEmitter. Any stride, dilation and padding, through the table of offsets.
/// </summary>
internal sealed unsafe class ConvInt8DepthwiseAvx512Vnni : PreparedKernel
{
    private const int Width = 64, Vectors = 4, QuadTaps = 4;

    /// <summary>
    /// Activation bytes of a run of pixels, which all panels pass before the next run begins: fits beside its output in the second cache.
    /// </summary>
    private const int RunBytes = 128 << 10;
    private readonly ConvInt8Problem _problem;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<sbyte> _weights; // [panel][quad][vector][lane][dword][4 taps]
    private readonly NativeBlock<int> _bias; // [panel][vector][lane][dword]
    private readonly NativeBlock<float> _multiplier;
    private readonly int _quads, _runPixels, _entry;

    public ConvInt8DepthwiseAvx512Vnni(ConvInt8Problem problem)
    {
        _problem = problem;
        var s = problem.Shape;
        _panels = ConvPanel.Strips(s.OutputChannels, Width);
        _indirection = new Indirection(new ConvLayout(s, problem.Input, problem.PaddingOffset, 1));
        _quads = (s.Taps + QuadTaps - 1) / QuadTaps;
        _runPixels = Math.Max(Width, RunBytes / (s.OutputChannels * s.StrideHeight * s.StrideWidth));
        _entry = s.Taps switch { 1 => ConvAvx512.Depthwise1, 9 => ConvAvx512.Depthwise9, 25 => ConvAvx512.Depthwise25, _ => ConvAvx512.Depthwise49 };
        _bias = Interleaved(PackChannels.FoldedBias(problem, _panels));
        _multiplier = Interleaved(PackChannels.Floats(problem.Multiplier, _panels));
        _weights = new NativeBlock<sbyte>((long)_panels.Length * _quads * Width * QuadTaps);
        var weights = problem.Weights.Span;
        for (int n = 0; n < s.OutputChannels; n++)
        {
            for (int tap = 0; tap < s.Taps; tap++)
                _weights.Data[((n / Width * _quads + tap / QuadTaps) * Width + Place(n % Width)) * QuadTaps + tap % QuadTaps] =
                    weights[n * s.Taps + tap];
        }
    }

    public override string Name => nameof(ConvInt8DepthwiseAvx512Vnni);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes;

    /// <summary>One input and one output channel a group, so many taps as there is code for, u8 out.</summary>
    public static bool CanRun(ConvInt8Problem problem) => !problem.FloatOutput
        && problem.Shape is { Groups: > 1, GroupInputChannels: 1, GroupOutputChannels: 1, Taps: 1 or 9 or 25 or 49 };

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_problem.Shape.Pixels, part, parts);
        for (int pixel = start; pixel < end; pixel += _runPixels)
        {
            foreach (ref readonly var panel in _panels.AsSpan())
                Panel(arena, in panel, pixel, Math.Min(_runPixels, end - pixel));
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _indirection.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _multiplier.Dispose();
    }

    private void Panel(byte* arena, in ConvPanel panel, int pixel, int pixels)
    {
        var args = new ConvArgs
        {
            Offsets = _indirection.Offsets + pixel,
            Base = arena + panel.First,
            Weights = _weights.Data + (long)panel.Lane * _quads * QuadTaps,
            Bias = _bias.Data + panel.Lane,
            Multiplier = _multiplier.Data + panel.Lane,
            TapPitch = (long)_indirection.Pixels * sizeof(uint),
            Tiles = pixels,
        };
        EmittedEpilogueInt8.Fill(ref args, _problem, arena, pixel, in panel);
        NativeRunner.Instance.Call(_entry, &args);
    }

    /// <summary>Where a panel's channel 16·lane + 4·vector + dword lies: [vector][lane][dword], as unpacking bytes leaves it.</summary>
    private static int Place(int channel) => channel / 4 % Vectors * 16 + channel / 16 * 4 + channel % 4;

    private static NativeBlock<T> Interleaved<T>(NativeBlock<T> lanes) where T : unmanaged
    {
        using (lanes)
        {
            var placed = new NativeBlock<T>(lanes.Count);
            for (int i = 0; i < lanes.Count; i++)
                placed.Data[i / Width * Width + Place(i % Width)] = lanes.Data[i];
            return placed;
        }
    }
}
