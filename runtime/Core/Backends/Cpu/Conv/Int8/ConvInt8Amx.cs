using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// Convolution, u8 × s8 → s32 by AMX's <c>tdpbusd</c>, up to 32 pixels × 32 channels at once; machine code of our own,
/// runtime/KernelGenerator. Exact: four products are summed in 32 bits without saturation.
/// </summary>
/// <remarks>
/// Tiles want rows at a constant distance. A 1×1 convolution of stride 1 has them; else what the taps read is gathered on the stack,
/// once for all panels, in stretches of the products that stay in the first cache; with several stretches sums wait there too.
/// Interpreted bit for bit by the tests on any machine, and run by a processor that has AMX. Timings: docs/decisions/0011-kernel-tiers.md.
/// </remarks>
internal sealed unsafe class ConvInt8Amx : PreparedKernel
{
    private const int TileRows = AmxConfiguration.Rows, StepBytes = AmxConfiguration.RowBytes, BlockRows = 2 * TileRows, WidestPanel = 32;

    /// <summary>Products of a stretch: 32 rows of it are 32 KiB.</summary>
    private const int StretchProducts = 1024;

    /// <summary>Panels whose sums wait on the stack, 4 KiB each.</summary>
    private const int MostPanels = 16;

    /// <summary>A last step reads whole tiles of weights: up to 15 rows of 32 lanes too many, which meet zeros.</summary>
    private const int WeightSlack = (TileRows - 1) * WidestPanel * 4;

    private readonly ConvInt8Problem _problem;
    private readonly ICodeRunner _runner;
    private readonly ConvLayout _layout;
    private readonly ConvPanel[] _panels;
    private readonly ConvStretch[] _stretches;
    private readonly Indirection _indirection;
    private readonly NativeBlock<sbyte> _weights;
    private readonly NativeBlock<int> _bias;
    private readonly NativeBlock<float> _multiplier;
    private readonly int _pitch, _pixelDistance;
    private readonly bool _weightsDominate;

    public ConvInt8Amx(ConvInt8Problem problem) : this(problem, NativeRunner.Instance)
    {
    }

    public ConvInt8Amx(ConvInt8Problem problem, ICodeRunner runner)
    {
        _problem = problem;
        _runner = runner;
        _layout = new ConvLayout(problem.Shape, problem.Input, problem.PaddingOffset, 1);
        _panels = ConvPanel.Cut(_layout, WidestPanel);
        _indirection = new Indirection(_layout);
        _weights = PackInt8.Pack(problem.Weights.Span, _layout, _panels, WeightSlack);
        _bias = PackChannels.FoldedBias(problem, _panels);
        _multiplier = PackChannels.Floats(problem.Multiplier, _panels);
        _pitch = (_layout.TapLength + 3) / 4 * 4;
        _stretches = ConvStretch.Cut(_layout.Taps, _pitch, StretchProducts, StepBytes);
        _pixelDistance = _layout.Taps == 1 && _layout.TapLength % StepBytes == 0 ? _indirection.Distance() : 0;
        _weightsDominate = _weights.Bytes > ConvChecks.InputOf(problem.Shape).Elements + ConvChecks.OutputOf(problem.Shape).Elements;
    }

    public override string Name => nameof(ConvInt8Amx);

    public override long PackedBytes => _indirection.Bytes + _weights.Bytes + _bias.Bytes + _multiplier.Bytes;

    /// <summary>
    /// Layers of few channels, for which gathering costs what the products gain, go to a lower tier; so does a float result with a residual.
    /// </summary>
    public static bool CanRun(ConvInt8Problem problem) =>
        (!problem.FloatOutput || problem.Residual is null) && problem.Shape.GroupOutputChannels >= WidestPanel;

    [SkipLocalsInit]
    public override void Run(byte* arena, int part, int parts)
    {
        var split = ConvSplit.Of(_problem.Shape.Pixels, _panels.Length, BlockRows, _weightsDominate, part, parts);
        int pixels = split.PixelEnd - split.PixelStart;
        if (pixels == 0 || split.PanelStart == split.PanelEnd)
            return;
        int tiles = (pixels + TileRows - 1) / TileRows, tileRows = (pixels + tiles - 1) / tiles; // Equal tiles: 49 pixels are 4 of 13.
        byte* configuration = stackalloc byte[AmxConfiguration.Bytes];
        AmxConfiguration.Write(new Span<byte>(configuration, AmxConfiguration.Bytes), tileRows);
        byte* memory =
            stackalloc byte[BlockRows * StretchProducts + ActivationRows.Slack + MostPanels * BlockRows * WidestPanel * sizeof(int) + StepBytes];
        memory += -(nint)memory & (StepBytes - 1);
        int* sums = (int*)(memory + BlockRows * StretchProducts + ActivationRows.Slack);
        _runner.Call(ConvAvx512.AmxConfigure, configuration);
        for (int pixel = split.PixelStart; pixel < split.PixelEnd; pixel += 2 * tileRows)
        {
            var block = new Block(arena, memory, sums, pixel, Math.Min(2 * tileRows, split.PixelEnd - pixel), tileRows);
            for (int first = split.PanelStart, next; first < split.PanelEnd; first = next)
            {
                for (next = first + 1; next < split.PanelEnd && next - first < MostPanels && _panels[next].Group == _panels[first].Group;)
                    next++;
                Panels(in block, first, next);
            }
        }

        _runner.Call(ConvAvx512.AmxRelease, null);
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

    /// <summary>Panels of one group: every stretch is gathered once and meets all of them.</summary>
    private void Panels(in Block block, int first, int end)
    {
        byte* source = block.Arena + _panels[first].Group * _layout.GroupInputChannels;
        bool isDirect = _pixelDistance > 0 && block.Rows % block.TileRows == 0; // A last tile's missing rows may lie beyond the arena.
        for (int s = 0; s < _stretches.Length; s++)
        {
            ref readonly var stretch = ref _stretches[s];
            uint* offsets = _indirection.Offsets + (long)stretch.FirstTap * _indirection.Pixels + block.Pixel;
            if (!isDirect)
                ActivationRows.Gather(block.Rows0, source, offsets, _indirection.Pixels, block.Rows, in stretch);
            byte* activations = isDirect ? source + *offsets + stretch.Start : block.Rows0;
            int distance = isDirect ? _pixelDistance : ActivationRows.RowBytes(in stretch);
            for (int i = first; i < end; i++)
                Panel(in block, i, i - first, s, activations, distance);
        }
    }

    private void Panel(in Block block, int index, int slot, int stretchIndex, byte* activations, int distance)
    {
        var p = _problem;
        ref readonly var panel = ref _panels[index];
        ref readonly var stretch = ref _stretches[stretchIndex];
        int sumStride = panel.Width * sizeof(int);
        int* sums = block.Sums + (_stretches.Length > 1 ? slot * BlockRows * WidestPanel : 0);
        bool continues = stretchIndex > 0, isLast = stretchIndex + 1 == _stretches.Length;
        var args = new AmxArgs
        {
            Activations = activations,
            ActivationStride = distance,
            SecondTile = (long)distance * block.TileRows,
            Start = continues ? sums : _bias.Data + panel.Lane,
            StartStride = continues ? sumStride : 0,
            StartSecondTile = continues ? (long)sumStride * block.TileRows : 0,
            Sums = sums,
            SumsSecondTile = (long)sumStride * block.TileRows,
            Steps = (stretch.Products + StepBytes - 1) / StepBytes,
            IsLast = isLast && !p.FloatOutput ? 1 : 0,
        };
        EmittedEpilogueInt8.Fill(ref args.Conv, p, block.Arena, block.Pixel, in panel);
        args.Conv.Weights =
            _weights.Data + panel.Lane * (long)_layout.Taps * _pitch + ((long)stretch.FirstTap * _pitch + stretch.Start) * panel.Width;
        args.Conv.Multiplier = _multiplier.Data + panel.Lane;
        args.Conv.Tiles = block.Rows;
        _runner.Call(Kernel(block.Rows > block.TileRows, panel.Width), &args);
        if (isLast && p.FloatOutput) StoreFloats(in block, in panel, sums);
    }

    /// <summary>What the machine code has left as sums, [row][panel's width], scaled and clamped.</summary>
    private void StoreFloats(in Block block, in ConvPanel panel, int* sums)
    {
        const int Lanes = 8;
        var output = _problem.Output;
        var tile = ConvInt8Tile.Of(_problem);
        for (int row = 0; row < block.Rows; row++, sums += panel.Width)
        {
            byte* to = block.Arena + output.Offset + (block.Pixel + row) * (long)output.PixelStride + panel.First * sizeof(float);
            for (int lane = 0; lane < panel.Count; lane += 2 * Lanes)
            {
                float* multiplier = _multiplier.Data + panel.Lane + lane;
                tile.Count = panel.Count - lane;
                StoreFp32.Store(
                    NoShortcutInt8.Scale(Vector256.Load(sums + lane), Vector256.Load(multiplier), in tile),
                    NoShortcutInt8.Scale(Vector256.Load(sums + lane + Lanes), Vector256.Load(multiplier + Lanes), in tile),
                    to + lane * sizeof(float), in tile);
            }
        }
    }

    private static int Kernel(bool twoTiles, int width) => (twoTiles, width) switch
    {
        (true, WidestPanel) => ConvAvx512.Amx32x32,
        (false, WidestPanel) => ConvAvx512.Amx16x32,
        (true, _) => ConvAvx512.Amx32x16,
        _ => ConvAvx512.Amx16x16,
    };

    /// <summary>Pixels that are computed together, and the stack's memory for them.</summary>
    private readonly struct Block(byte* arena, byte* rows0, int* sums, int pixel, int rows, int tileRows)
    {
        public readonly byte* Arena = arena, Rows0 = rows0;
        public readonly int* Sums = sums;
        public readonly int Pixel = pixel, Rows = rows, TileRows = tileRows;
    }
}
