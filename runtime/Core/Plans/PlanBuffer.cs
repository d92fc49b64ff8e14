using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>How the elements of a value follow each other.</summary>
internal enum Layout
{
    /// <summary>Row-major in the value's own ONNX shape.</summary>
    Plain,

    /// <summary>Channels innermost; only for values of rank 4 and 5.</summary>
    Nhwc,
}

/// <summary>One form of a value in the arena: element type, layout and place.</summary>
/// <param name="Storage">Its bytes.</param>
/// <param name="Type">Element type in memory; quantised activations are always <see cref="ElementType.UInt8"/>.</param>
/// <param name="Shape">Sizes; a value of another rank counts as pixels of its last dimension.</param>
/// <param name="Inside">Placement relative to the storage's first byte.</param>
internal sealed record PlanBuffer(Storage Storage, ElementType Type, NhwcShape Shape, Placement Inside)
{
    /// <summary>Placement in the arena; valid once the arena is laid out.</summary>
    public Placement Placement => Inside with { Offset = Inside.Offset + Storage.Offset };

    /// <summary>Bytes from the arena's base to the first element.</summary>
    public long Offset => Inside.Offset + Storage.Offset;

    /// <summary>Bytes of its elements, gaps and borders left out.</summary>
    public long ElementBytes => Shape.Elements * Type.Size();

    /// <summary>Pixels and rows without gaps, so that the elements can also be read row-major.</summary>
    public bool IsDense => Inside.PixelStride == Shape.Channels * Type.Size() && Inside.IsDense(Shape.Height, Shape.Width);

    /// <summary>Rows are further apart than their pixels: windows on the edge of the picture read a border in memory.</summary>
    public bool HasBorder => Inside.RowStride > Shape.Width * Inside.PixelStride;

    /// <summary>Room for the same elements of another type inside a border as wide, of zeros that no step writes.</summary>
    public PlanBuffer InSameBorder(ElementType type)
    {
        long Resized(long bytes) => bytes / Type.Size() * type.Size();
        // Said and not left to the arena: a GPU's memory holds anything.
        var storage = new Storage(Resized(Storage.Bytes)) { Initialize = static span => span.Clear() };
        return new(
            storage.Persist(), type, Shape,
            new Placement(
                Resized(Inside.Offset), (int)Resized(Inside.PixelStride), (int)Resized(Inside.RowStride), Resized(Inside.ImageStride)));
    }

    /// <summary>The usual form: pixels without gaps, nothing around.</summary>
    public static PlanBuffer Dense(ElementType type, NhwcShape shape)
    {
        int pixel = shape.Channels * type.Size(), row = shape.Width * pixel;
        long image = (long)shape.Height * row;
        return new(new Storage(shape.Batch * image), type, shape, new Placement(0, pixel, row, image));
    }

    /// <summary>
    /// The NHWC sizes of a value: rank 4 is N C H W, rank 5 N C D H W with the rows of all depths; else every index of the leading dimensions is a
    /// pixel of the last.
    /// </summary>
    public static NhwcShape ShapeOf(Shape shape) => shape.Rank switch
    {
        4 => new(shape[0], shape[2], shape[3], shape[1]),
        5 => new(shape[0], shape[2] * shape[3], shape[4], shape[1]),
        0 => new(1, 1, 1, 1),
        _ => new(1, 1, shape.ElementCount / Math.Max(1, shape[^1]), shape[^1]),
    };

    /// <summary>Whether both layouts are the same bytes.</summary>
    public static bool IsLayoutFree(Shape shape) =>
        !IsPicture(shape) || shape[1] == 1 || shape.ElementCount == shape[0] * shape[1];

    /// <summary>N C H W or N C D H W: what can have its channels innermost.</summary>
    public static bool IsPicture(Shape shape) => shape.Rank is 4 or 5;
}
