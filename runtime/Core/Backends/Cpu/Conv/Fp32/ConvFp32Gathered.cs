using System.Runtime.CompilerServices;
using ResNetEdge.Backends.Cpu.Conv.Gathered;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// Convolution in float32 for Arm: a block of pixels is gathered once, and each panel of 16 output channels is multiplied with it by machine code
/// that starts from bias and residual and clamps. The same bits as <see cref="ConvFp32AdvSimd"/> in fewer instructions.
/// </summary>
/// <remarks>Never timed on hardware: benchmarks/results/arm64-estimates.jsonl.</remarks>
internal sealed unsafe class ConvFp32Gathered : PreparedKernel
{
    private const int Rows = ProductArgs.Rows, Lanes = ProductArgs.Columns, RowBytes = Lanes * sizeof(float);

    /// <summary>With fewer output channels gathering costs more than it saves.</summary>
    private const int LeastChannels = 2 * Lanes;

    private readonly ConvFp32Problem _problem;
    private readonly Scratch _scratch;
    private readonly ConvLayout _layout;
    private readonly GatheredLayout _blocks;
    private readonly ConvPanel[] _panels;
    private readonly Indirection _indirection;
    private readonly NativeBlock<float> _weights;
    private readonly NativeBlock<float> _bias;
    private readonly bool _weightsDominate;

    public ConvFp32Gathered(ConvFp32Problem problem)
    {
        _problem = problem;
        _scratch = problem.Scratch ?? default;
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, sizeof(float));
        _blocks = new GatheredLayout(_layout);
        if (_scratch.Bytes < _blocks.PartBytes || _scratch.Offset % 64 != 0)
            throw new ArgumentException($"{problem.Shape}: {_scratch} is no room for {_blocks.PartBytes} bytes");
        _panels = ConvPanel.Cut(_layout, Lanes);
        _indirection = new Indirection(_layout);
        _weights = PackFp32.Pack(problem.Weights.Span, _layout, _panels);
        _bias = PackChannels.Floats(problem.Bias, _panels);
        _weightsDominate = _weights.Count > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public override string Name => nameof(ConvFp32Gathered);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes;

    /// <summary>The machine code is there, and enough panels use what is gathered.</summary>
    public static bool CanRun(ConvFp32Problem problem) => EmittedArm64.Refusal is null && problem.Shape.GroupOutputChannels >= LeastChannels;

    /// <summary>Scratch memory of all threads.</summary>
    public static long ScratchBytes(ConvFp32Problem problem, int threads) => CanRun(problem) ? GatheredLayout.ScratchBytes(problem, threads) : 0;

    public override void Run(byte* arena, int part, int parts)
    {
        // More threads than the plan has memory for: the first ones do the work.
        parts = (int)Math.Min(parts, _scratch.Bytes / _blocks.PartBytes);
        if (part >= parts)
            return;
        var split = ConvSplit.Of(_problem.Shape.Pixels, _panels.Length, Rows, _weightsDominate, part, parts);
        byte* memory = arena + _scratch.Offset + part * _blocks.PartBytes;
        int each = _panels.Length / _layout.Groups; // Every group is cut into the same panels.
        for (int group = 0; group < _layout.Groups; group++)
        {
            int from = Math.Max(split.PanelStart, group * each), to = Math.Min(split.PanelEnd, (group + 1) * each);
            for (int pixel = split.PixelStart; pixel < split.PixelEnd && from < to; pixel += _blocks.BlockPixels)
            {
                int pixels = Math.Min(_blocks.BlockPixels, split.PixelEnd - pixel);
                _blocks.Tiles.Gather<SameBytes>(
                    memory, memory + _blocks.RowsOffset, arena + (long)group * _layout.GroupInputChannels * sizeof(float),
                    _indirection.Offsets + pixel, _indirection.Pixels, pixels);
                for (int panel = from; panel < to; panel++)
                    Multiply(arena, memory, pixel, pixels, panel);
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

    /// <summary>A block of gathered pixels with one panel.</summary>
    [SkipLocalsInit]
    private void Multiply(byte* arena, byte* memory, int pixel, int pixels, int index)
    {
        var (p, panel) = (_problem, _panels[index]);
        var residual = p.Residual ?? default;
        int groups = pixels / Rows, steps = _blocks.Tiles.Depth;
        byte* output = arena + p.Output.Offset + pixel * p.Output.PixelStride + panel.First * sizeof(float);
        var args = new ProductArgs
        {
            Inputs = memory,
            Weights = _weights.Data + (long)panel.Lane * steps,
            Start = _bias.Data + panel.Lane,
            Residual = p.Residual is null ? null : arena + residual.Offset + pixel * residual.PixelStride + panel.First * sizeof(float),
            ResidualStride = residual.PixelStride,
            GroupPitch = _blocks.Tiles.TileBytes,
            Steps = steps,
            Groups = groups,
            Count = 1,
            Low = p.Low,
            High = p.High,
        };
        if (groups > 0 && panel.Count == Lanes)
        {
            EmittedArm64.Multiply(KernelsArm64.ProductFp32Finished, args with { Output = output, OutputStride = p.Output.PixelStride });
        }
        else if (groups > 0)
        {
            byte* sums = memory + _blocks.SumsOffset;
            EmittedArm64.Multiply(KernelsArm64.ProductFp32Finished, args with { Output = sums, OutputStride = RowBytes });
            Copy(sums, RowBytes, output, p.Output.PixelStride, groups * Rows, panel.Count);
        }

        int done = groups * Rows, rest = pixels - done;
        if (rest == 0)
            return;
        byte* last = stackalloc byte[Rows * RowBytes];
        args.Inputs = memory + (long)groups * _blocks.Tiles.TileBytes;
        args.Groups = 1;
        if (args.Residual != null)
        {
            // Rows that do not exist have no residual that could be read.
            Copy((byte*)args.Residual + done * residual.PixelStride, residual.PixelStride, last, RowBytes, rest, panel.Count);
            args.Residual = last;
            args.ResidualStride = RowBytes;
        }

        EmittedArm64.Multiply(KernelsArm64.ProductFp32Finished, args with { Output = last, OutputStride = RowBytes });
        Copy(last, RowBytes, output + done * p.Output.PixelStride, p.Output.PixelStride, rest, panel.Count);
    }

    private static void Copy(byte* from, long fromStride, byte* to, long toStride, int rows, int channels)
    {
        for (; rows > 0; rows--, from += fromStride, to += toStride)
            new Span<float>(from, channels).CopyTo(new Span<float>(to, channels));
    }
}
