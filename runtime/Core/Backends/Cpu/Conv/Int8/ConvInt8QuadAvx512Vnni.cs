using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// Convolution of 3×3 with 16 channels in and out, u8 × s8 → s32 by 512-bit <c>vpdpbusd</c>, up to 24 pixels × 16 channels a tile, a vector
/// being four pixels × four channels; machine code of our own, runtime/KernelGenerator/QuadEmitter. The first stage of CIFAR's
/// residual networks, where vectors of one pixel would wait for loads.
/// </summary>
internal sealed unsafe class ConvInt8QuadAvx512Vnni : PreparedKernel
{
    private const int Channels = 16, TileQuads = 6;
    private readonly ConvInt8Problem _problem;
    private readonly ICodeRunner _runner;
    private readonly ConvPanel _panel;
    private readonly QuadEdges _edges;
    private readonly NativeBlock<uint> _offsets; // [tap][quad]
    private readonly NativeBlock<sbyte> _weights;
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<float> _multiplier;
    private readonly int _quads, _quadsOfLine;

    public ConvInt8QuadAvx512Vnni(ConvInt8Problem problem) : this(problem, NativeRunner.Instance)
    {
    }

    /// <param name="problem">The convolution; its values are checked already.</param>
    /// <param name="runner">Who executes the machine code.</param>
    public ConvInt8QuadAvx512Vnni(ConvInt8Problem problem, ICodeRunner runner)
    {
        (_problem, _runner) = (problem, runner);
        var s = problem.Shape;
        var layout = new ConvLayout(s, problem.Input with { RowStride = s.InputWidth * problem.Input.PixelStride }, problem.PaddingOffset, 1);
        var panels = ConvPanel.Cut(layout, Channels);
        _panel = panels[0];
        _quadsOfLine = s.OutputWidth / QuadEdges.Pixels;
        _quads = s.Pixels / QuadEdges.Pixels;
        _edges = new QuadEdges(s, problem.Input, problem.PaddingOffset, problem.Scratch!.Value.Offset);
        _offsets = new NativeBlock<uint>((long)s.Taps * _quads);
        _edges.Fill(_offsets.Data);
        _weights = PackInt8.Pack(problem.Weights.Span, layout, panels);
        _bias = PackChannels.FoldedBias(problem, panels);
        _multiplier = PackChannels.Floats(problem.Multiplier, panels);
    }

    public override string Name => nameof(ConvInt8QuadAvx512Vnni);

    public override long PackedBytes => _offsets.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes;

    /// <summary>Scratch memory for a convolution of this kind; 0 for any other.</summary>
    public static long ScratchBytes(ConvShape s) => s is
    {
        InputChannels: Channels, OutputChannels: Channels, Groups: 1, KernelHeight: 3, KernelWidth: 3, StrideHeight: 1,
        StrideWidth: 1, DilationHeight: 1,
        DilationWidth: 1, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1,
    }
        && s.InputWidth % QuadEdges.Pixels == 0 ? QuadEdges.ScratchBytes(s) : 0;

    /// <summary>The right shape, with its scratch memory, and all pixels 16 bytes apart.</summary>
    public static bool CanRun(ConvInt8Problem problem) => !problem.FloatOutput
        && ScratchBytes(problem.Shape) is > 0 and var bytes && problem.Scratch is { } scratch && scratch.Bytes >= bytes
        && problem.Input.PixelStride == Channels && problem.Output.PixelStride == Channels
        && problem.Residual is null or { Placement.PixelStride: Channels };

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_quads, part, parts, TileQuads);
        if (start < end)
        {
            _edges.Gather(arena, start / _quadsOfLine, (end + _quadsOfLine - 1) / _quadsOfLine);
            Quads(arena, start, end);
        }

        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _offsets.Dispose();
        _weights.Dispose();
        _bias.Dispose();
        _multiplier.Dispose();
    }

    private void Quads(byte* arena, int start, int end)
    {
        var args = new ConvArgs
        {
            Offsets = _offsets.Data + start,
            Base = arena,
            Weights = _weights.Data,
            Bias = _bias.Data,
            Multiplier = _multiplier.Data,
            TapPitch = (long)_quads * sizeof(uint),
            Taps = _problem.Shape.Taps,
        };
        EmittedEpilogueInt8.Fill(ref args, _problem, arena, start * QuadEdges.Pixels, in _panel);
        for (int left = end - start; left > 0;)
        {
            int quads = TileSet.Highest(ConvAvx512.Quads, Math.Min(left, TileQuads));
            args.Tiles = left / quads;
            int done = args.Tiles * quads;
            _runner.Call(ConvAvx512.Quads[quads], &args);
            args.Offsets += done;
            args.Output += (long)done * QuadEdges.Pixels * Channels;
            if (_problem.Residual is not null)
                args.Residual += (long)done * QuadEdges.Pixels * Channels;
            left -= done;
        }
    }
}
