using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv;

/// <summary>
/// How a convolution becomes a matrix product over taps: which taps, how many elements each reads in a row, which groups are
/// computed together. Shared by all vector kernels.
/// </summary>
/// <remarks>
/// With few channels (a stem), one filter row is one tap: KernelWidth·PixelStride contiguous elements, so that 7x7 on three channels is
/// 7 taps of 27 instead of 49 of 3. Small groups are merged until they fill a vector; what one group's outputs must not see has weight zero
/// (so among floats a NaN or an infinity reaches all groups merged with its own).
/// </remarks>
internal sealed class ConvLayout
{
    private const int RowTapBytes = 16, Lanes = 16;
    private readonly int _merged;

    /// <param name="shape">Geometry of the convolution.</param>
    /// <param name="input">Where the input lies.</param>
    /// <param name="paddingOffset">Run of padding.</param>
    /// <param name="elementSize">1 (u8) or 4 (float32).</param>
    public ConvLayout(ConvShape shape, Placement input, long paddingOffset, int elementSize)
    {
        Shape = shape;
        Input = input;
        PaddingOffset = paddingOffset;
        Reader = new TapReader(shape, input, paddingOffset);
        ElementSize = elementSize;
        PixelPitch = input.PixelStride / elementSize;
        HasRowTaps = CanUseRowTaps(input);
        _merged = MergedGroups(shape);
        Groups = shape.Groups / _merged;
        Taps = HasRowTaps ? shape.KernelLines : shape.Taps;
        TapLength = HasRowTaps ? (shape.KernelWidth - 1) * PixelPitch + shape.InputChannels : GroupInputChannels;
    }

    public ConvShape Shape { get; }

    public Placement Input { get; }

    public long PaddingOffset { get; }

    public TapReader Reader { get; }

    public int ElementSize { get; }

    /// <summary>Elements from one input pixel to the next.</summary>
    public int PixelPitch { get; }

    /// <summary>A tap is a whole filter row.</summary>
    public bool HasRowTaps { get; }

    /// <summary>Groups after merging.</summary>
    public int Groups { get; }

    public int GroupInputChannels => Shape.GroupInputChannels * _merged;

    public int GroupOutputChannels => Shape.GroupOutputChannels * _merged;

    public int Taps { get; }

    /// <summary>Contiguous elements that one tap reads.</summary>
    public int TapLength { get; }

    /// <summary>
    /// Copies the weights of one output channel to [tap][pitch], in the order in which a tap's elements lie in memory;
    /// elements that no weight belongs to are left as they are (zero).
    /// </summary>
    /// <param name="weights">ONNX order, all output channels.</param>
    /// <param name="n">Output channel.</param>
    /// <param name="row">[Taps][pitch].</param>
    /// <param name="pitch">At least <see cref="TapLength"/>.</param>
    public unsafe void Gather<T>(ReadOnlySpan<T> weights, int n, Span<T> row, int pitch) where T : unmanaged
    {
        var s = Shape;
        var source = weights.Slice(n * s.Depth, s.Depth);
        int first = FirstPlace(n), done = 0;
        if (typeof(T) == typeof(sbyte) && s.Taps == NineTaps.Taps && !HasRowTaps)
        {
            fixed (T* from = source, to = row[first..])
                done = NineTaps.Split((sbyte*)from, s.GroupInputChannels, (sbyte*)to, pitch);
            if (done == s.GroupInputChannels)
                return;
            source = source[(done * s.Taps)..];
        }

        for (int tapY = 0; tapY < s.KernelLines; tapY++)
        {
            for (int tapX = 0; tapX < s.KernelWidth; tapX++)
            {
                int tap = tapY * s.KernelWidth + tapX;
                var target = row.Slice(
                    HasRowTaps ? tapY * pitch + tapX * PixelPitch : tap * pitch + first + done, s.GroupInputChannels - done);
                if (s.Taps == 1)
                    source.CopyTo(target);
                else
                    Spread(source[tap..], s.Taps, target);
            }
        }
    }

    /// <summary>Where <see cref="Gather"/> puts the weights of output channel 0: [weight in ONNX order] to tap · TapLength + element.</summary>
    public int[] Places()
    {
        var s = Shape;
        int[] places = new int[s.Depth];
        for (int i = 0; i < places.Length; i++)
        {
            var (channel, tap) = Math.DivRem(i, s.Taps);
            var (tapY, tapX) = Math.DivRem(tap, s.KernelWidth);
            places[i] = channel + (HasRowTaps ? tapY * TapLength + tapX * PixelPitch : tap * TapLength);
        }

        return places;
    }

    /// <summary>What output channel <paramref name="n"/> adds to <see cref="Places"/>: the first channel of its group among those merged.</summary>
    public int FirstPlace(int n) => n / Shape.GroupOutputChannels % _merged * Shape.GroupInputChannels;

    /// <summary>Every <paramref name="step"/>-th element of the source.</summary>
    private static unsafe void Spread<T>(ReadOnlySpan<T> source, int step, Span<T> target) where T : unmanaged
    {
        // Pointers, because every weight of a model passes here while somebody waits; the last element read is checked once.
        _ = source[(target.Length - 1) * step];
        fixed (T* from = source, to = target)
        {
            T* next = from;
            for (int i = 0; i < target.Length; i++, next += step)
                to[i] = *next;
        }
    }

    private bool CanUseRowTaps(Placement input)
    {
        var s = Shape;
        bool contiguous = s.Groups == 1 && s.KernelWidth > 1 && s.DilationWidth == 1 && input.PixelStride <= RowTapBytes;
        // Zero times an unused channel is zero for integers; a float that nobody wrote may be a NaN.
        bool harmless = ElementSize == 1 || PixelPitch == s.InputChannels;
        bool paddingFits = s.KernelWidth * input.PixelStride + ElementSize * Lanes <= ConvChecks.PaddingBytes(s, ElementSize);
        return contiguous && harmless && (Reader.HasBorder || (s.PadLeft == 0 && s.PadRight == 0 && paddingFits));
    }

    private static int MergedGroups(ConvShape s)
    {
        int merged = 1;
        for (int candidate = 2; candidate * s.GroupOutputChannels <= Lanes && candidate <= s.Groups; candidate++)
        {
            if (s.Groups % candidate == 0)
                merged = candidate;
        }

        return merged;
    }
}
