using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Pixels;

namespace ResNetEdge.Preprocess;

/// <summary>
/// Picture to model input in one pass: each row is resized along x once, into a ring that holds as many rows as the filter needs; the resize
/// along y then goes through the normalising tables straight into the engine's memory, whatever its type and layout.
/// Only what the crop keeps is computed. Not thread-safe; allocates only when a picture is larger than all before.
/// </summary>
/// <remarks>
/// Equal bit for bit to Pillow and torchvision: Image.open(f).convert('RGB' or 'L'), Resize (bilinear, antialias), CenterCrop, ToTensor,
/// Normalize. As there, colors are converted before the resize.
/// </remarks>
internal sealed unsafe class Preprocessor : IDisposable
{
    private readonly PreprocessSpec _spec;
    private readonly NormalizeTable _table;
    private readonly ResizeKernel _kernel;
    private readonly ElementType _type;
    private readonly ChannelSteps? _steps;
    private readonly ResizeWeights _across = new();
    private readonly ResizeWeights _down = new();
    private readonly PictureRows _pictureRows = new();
    private readonly NativeBuffer _luma = new(); // [picture width], one row
    private readonly NativeBuffer _ring = new(); // [rows of the filter][ringStride], row y at y % rows
    private readonly NativeBuffer _sums = new(); // int32 [input width][picture channels]
    private int _ringStride;
    private int _nextRow; // rows below are in the ring or were never needed
    private int _firstColumn, _endColumn; // of the picture, that the crop needs

    /// <summary>Prepares for a model's image input.</summary>
    /// <param name="spec">From the model's package or the command line.</param>
    /// <param name="input">Where an engine wants its pictures; later calls may name other memory of the same kind.</param>
    /// <param name="kernel">Null takes the fastest.</param>
    /// <exception cref="EdgeException">Exit 3: the specification contradicts itself or the model's input.</exception>
    public Preprocessor(PreprocessSpec spec, in InputBuffer input, ResizeKernel? kernel = null)
    {
        Check(spec, input);
        _spec = spec;
        (_type, _steps) = (input.Type, input.Steps);
        _table = new NormalizeTable(spec, input);
        _kernel = kernel ?? ResizeKernels.All[0];
    }

    /// <summary>Writes a picture into a model's input.</summary>
    /// <param name="picture">Gray or RGB, any size.</param>
    /// <param name="file">Named in the refusal.</param>
    /// <param name="input">Of the type, size and steps given at construction.</param>
    /// <exception cref="EdgeException">Exit 3: the model resizes nothing and the picture has another size.</exception>
    /// <exception cref="ArgumentException">The input is of another kind.</exception>
    public void Write(Picture picture, string file, in InputBuffer input)
    {
        Write(_pictureRows.Set(picture), file, input);
        GC.KeepAlive(picture); // its memory is in use up to here, even when this is the caller's last word on it
    }

    /// <summary>Writes a picture into a model's input, row after row as they are made.</summary>
    /// <param name="picture">Gray or three channels, any size.</param>
    /// <param name="file">Named in the refusal.</param>
    /// <param name="input">Of the type, size and steps given at construction.</param>
    /// <exception cref="EdgeException">Exit 3: the model resizes nothing and the picture has another size.</exception>
    /// <exception cref="ArgumentException">The input is of another kind.</exception>
    public void Write(PixelRows picture, string file, in InputBuffer input)
    {
        if (input.Type != _type || !Equals(input.Steps, _steps) || input.Channels != _spec.Channels
            || input.Height != _spec.Height || input.Width != _spec.Width)
        {
            throw new ArgumentException("an input other than the one that the preprocessor was made for", nameof(input));
        }

        Crop crop = Crop.Of(_spec, file, picture.Width, picture.Height);
        _across.Build(picture.Width, crop.ResizedWidth, crop.Left, _spec.Width);
        _down.Build(picture.Height, crop.ResizedHeight, crop.Top, _spec.Height);
        int channels = _spec.Color == ColorOrder.Gray ? 1 : picture.Channels;
        int count = _spec.Width * channels;
        _ringStride = count + NativeBuffer.Slack;
        _ = _ring.Reserve((long)_ringStride * _down.Stride);
        _ = _luma.Reserve(picture.Width);
        int* sums = (int*)_sums.Reserve((count + NativeBuffer.Slack) * (long)sizeof(int));
        _nextRow = _down.First[0];
        (_firstColumn, _endColumn) = (_across.First[0], _across.First[_spec.Width - 1] + _across.Count[_spec.Width - 1]);
        for (int y = 0; y < _spec.Height; y++)
        {
            new Span<int>(sums, count).Fill(ResizeWeights.Half);
            for (int k = 0; k < _down.Count[y]; k++)
            {
                _kernel.AddRow(Row(picture, channels, _down.First[y] + k), count, _down.Weights[(y * _down.Stride) + k], sums);
            }

            WriteRow(sums, channels, picture.IsBlueFirst, y, input);
        }

        GC.KeepAlive(this); // its memory is in use up to here
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _luma.Dispose();
        _ring.Dispose();
        _sums.Dispose();
    }

    /// <summary>A row of the picture, resized along x: [input width][channels].</summary>
    private byte* Row(PixelRows picture, int channels, int y)
    {
        bool isLuma = channels < picture.Channels;
        if (_across.IsIdentity && !isLuma && picture.StayInPlace)
        {
            return picture.Row(y, _firstColumn, _endColumn) + (_firstColumn * channels);
        }

        byte* resized = _ring.Data + ((long)(y % _down.Stride) * _ringStride);
        if (y >= _nextRow)
        {
            byte* row = picture.Row(y, _firstColumn, _endColumn);
            if (isLuma)
            {
                ToLuma(row + (3L * _firstColumn), _endColumn - _firstColumn, picture.IsBlueFirst, _luma.Data + _firstColumn);
                row = _luma.Data;
            }

            if (_across.IsIdentity) Unsafe.CopyBlockUnaligned(resized, row + ((long)_firstColumn * channels), (uint)(_spec.Width * channels));
            else _kernel.ResizeRow(row, channels, _across, _spec.Width, resized);
            _nextRow = y + 1;
        }

        return resized;
    }

    /// <summary>Luma of ITU-R 601-2 in 16 bit fixed point, as Pillow's mode L.</summary>
    private static void ToLuma(byte* pixel, int pixels, bool isBlueFirst, byte* luma)
    {
        int red = isBlueFirst ? 2 : 0;
        for (int x = 0; x < pixels; x++, pixel += 3)
        {
            luma[x] = (byte)(((pixel[red] * 19595) + (pixel[1] * 38470) + (pixel[2 - red] * 7471) + 0x8000) >> 16);
        }
    }

    private void WriteRow(int* sums, int channels, bool isBlueFirst, int y, in InputBuffer input)
    {
        bool turns = isBlueFirst != (_spec.Color == ColorOrder.Bgr);
        if (channels == 3 && _type == ElementType.UInt8)
        {
            WritePixels(sums, turns, input.Data + (y * input.RowStride), input);
            return;
        }

        for (int c = 0; c < input.Channels; c++)
        {
            int source = channels == 1 ? 0 : turns ? 2 - c : c;
            byte* to = input.Data + (c * input.ChannelStride) + (y * input.RowStride);
            if (_type != ElementType.Float32)
            {
                WriteChannel(sums + source, channels, _table.Bytes(c), to, input);
            }
            else
            {
                WriteChannel(sums + source, channels, _table.Floats(c), to, input);
            }
        }
    }

    /// <summary>Three channels of u8, pixel after pixel: what nearly every quantised network takes.</summary>
    private void WritePixels(int* sums, bool turns, byte* to, in InputBuffer input)
    {
        int red = turns ? 2 : 0, blue = 2 - red;
        var (pixelStride, channelStride) = (input.PixelStride, input.ChannelStride);
        fixed (byte* first = _table.Bytes(0), second = _table.Bytes(1), third = _table.Bytes(2))
        {
            for (int x = 0; x < input.Width; x++, sums += 3, to += pixelStride)
            {
                to[0] = first[Math.Min(sums[red] >> ResizeWeights.Precision, 255)];
                to[channelStride] = second[Math.Min(sums[1] >> ResizeWeights.Precision, 255)];
                to[2 * channelStride] = third[Math.Min(sums[blue] >> ResizeWeights.Precision, 255)];
            }
        }
    }

    private static void WriteChannel<T>(int* sums, int step, ReadOnlySpan<T> table, byte* to, in InputBuffer input) where T : unmanaged
    {
        long pixelStride = input.PixelStride;
        for (int x = 0; x < input.Width; x++, sums += step, to += pixelStride)
        {
            *(T*)to = table[Math.Min(*sums >> ResizeWeights.Precision, 255)];
        }
    }

    private static void Check(PreprocessSpec spec, in InputBuffer input)
    {
        Demand(spec.Height is >= 1 and <= Picture.MaxSide && spec.Width is >= 1 and <= Picture.MaxSide,
            $"its input of {spec.Width}x{spec.Height} pixels is not within 1 to {Picture.MaxSide}");
        Demand(spec.Resize != ResizeMode.ShortestSide || (spec.ResizeSize >= Math.Max(spec.Height, spec.Width) && spec.ResizeSize <= Picture.MaxSide),
            $"a shorter side of {spec.ResizeSize} pixels does not cover the input of {spec.Width}x{spec.Height}");
        Demand(spec.Mean.Length == spec.Channels && spec.Std.Length == spec.Channels,
            $"{spec.Channels} channels need as many means and standard deviations, not {spec.Mean.Length} and {spec.Std.Length}");
        Demand(spec.Mean.All(float.IsFinite) && spec.Std.All(std => float.IsFinite(std) && std != 0),
            "means and standard deviations must be finite, and no standard deviation 0");
        Demand(input.Channels == spec.Channels && input.Height == spec.Height && input.Width == spec.Width,
            $"it produces {spec.Channels}x{spec.Height}x{spec.Width}, but the model takes {input.Channels}x{input.Height}x{input.Width}");
        Demand(input.Type is ElementType.Float32 or ElementType.UInt8 or ElementType.Int8,
            $"the model's input is {input.Type}; pictures become Float32, UInt8 or Int8");
        if (input.Type == ElementType.Float32) return;
        Demand(input.Steps is not null && input.Steps.Scales.Length == input.Channels,
            "the model's quantised input does not have one scale per channel");
        foreach (float scale in input.Steps!.Scales) Demand(float.IsFinite(scale) && scale > 0, $"the model's input scale {scale} is not positive");
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw EdgeException.BadInput($"the model's preprocessing cannot be used: {otherwise}");
        }
    }
}
