using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Plans;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines;

/// <summary>Copies between pictures as callers have them, N C H W in any float type, and as a plan has them, with the channels innermost.</summary>
internal static unsafe class ArenaImages
{
    private const int WidenedAtOnce = 256;

    /// <summary>Fills one picture with integers as the caller has them.</summary>
    /// <param name="image">Where it lies, in u8.</param>
    /// <param name="type">u8, or s8, which is stored moved up by 128.</param>
    /// <param name="values">C H W.</param>
    public static void FillBytes(in InputBuffer image, ElementType type, ReadOnlySpan<byte> values)
    {
        int moved = type == ElementType.Int8 ? -sbyte.MinValue : 0, at = 0;
        for (int c = 0; c < image.Channels; c++)
            for (int y = 0; y < image.Height; y++)
            {
                byte* to = image.Data + c * image.ChannelStride + y * image.RowStride;
                for (int x = 0; x < image.Width; x++, to += image.PixelStride) *to = (byte)(values[at++] + moved);
            }
    }

    /// <summary>Fills one picture, which is quantised if its plan wants bytes.</summary>
    /// <param name="image">Where it lies.</param>
    /// <param name="type">A float type, that of <paramref name="values"/>.</param>
    /// <param name="values">C H W.</param>
    public static void Fill(in InputBuffer image, ElementType type, ReadOnlySpan<byte> values)
    {
        int size = type.Size(), atOnce = type == ElementType.Float32 ? Math.Max(image.Width, 1) : WidenedAtOnce, at = 0;
        Span<float> widened = stackalloc float[WidenedAtOnce];
        for (int c = 0; c < image.Channels; c++)
            for (int y = 0; y < image.Height; y++)
            {
                byte* row = image.Data + c * image.ChannelStride + y * image.RowStride;
                for (int x = 0; x < image.Width; x += atOnce)
                {
                    int count = Math.Min(atOnce, image.Width - x);
                    var part = values.Slice(at * size, count * size);
                    if (type != ElementType.Float32) EdgeFloats.Widen(type, part, widened[..count]);
                    var floats = type == ElementType.Float32 ? MemoryMarshal.Cast<byte, float>(part) : widened[..count];
                    PlanarRow.Write(floats, row + x * image.PixelStride, image, c);
                    at += count;
                }
            }
    }

    /// <summary>Copies pictures out.</summary>
    /// <param name="arena">Where the buffer lies.</param>
    /// <param name="buffer">Channels innermost.</param>
    /// <param name="type">That of <paramref name="values"/>: the buffer's own, or any float type where that is Float32.</param>
    /// <param name="values">N C H W.</param>
    public static void CopyToNchw(byte* arena, PlanBuffer buffer, ElementType type, Span<byte> values)
    {
        var (shape, place) = (buffer.Shape, buffer.Placement);
        int plane = shape.Height * shape.Width, from = buffer.Type.Size(), to = type.Size();
        for (int row = 0; row < shape.Rows; row++)
        {
            var (n, y) = (row / shape.Height, row % shape.Height);
            byte* start = arena + place.Offset + n * place.ImageStride + y * (long)place.RowStride;
            for (int x = 0; x < shape.Width; x++)
            {
                byte* pixel = start + x * (long)place.PixelStride;
                int at = n * shape.Channels * plane + y * shape.Width + x;
                for (int c = 0; c < shape.Channels; c++)
                {
                    var element = values.Slice((at + c * plane) * to, to);
                    if (type == buffer.Type) new ReadOnlySpan<byte>(pixel + c * from, from).CopyTo(element);
                    else EdgeFloats.Narrow(type, new ReadOnlySpan<float>(pixel + c * from, 1), element);
                }
            }
        }
    }
}
