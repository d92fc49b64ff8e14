using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>An input of a step that broadcasts: layouts are nothing but strides.</summary>
/// <param name="Buffer">Where it is.</param>
/// <param name="Steps">Bytes between elements along the output's dimensions, outermost first as they are in memory; 0 where it is spread.</param>
internal readonly record struct BroadcastOperand(PlanBuffer Buffer, long[] Steps)
{
    /// <summary>Channels innermost where a picture has them so, or could as well; else row-major, without a change of layout.</summary>
    public static bool AreNhwc(PlanBuilder plan, Shape output, params ReadOnlySpan<(string Value, ElementType Type)> values)
    {
        if (PlanBuffer.IsLayoutFree(output)) return false;
        bool isPlain = false;
        foreach (var (value, type) in values)
        {
            if (plan.Info(value).Shape is var own && (own.Rank != output.Rank || PlanBuffer.IsLayoutFree(own))) continue;
            if (plan.Forms.Natural(value, type) == Layout.Nhwc) return true;
            isPlain = true;
        }

        return !isPlain;
    }

    /// <summary>Asks for a value in the form that the step reads.</summary>
    public static BroadcastOperand Of(PlanBuilder plan, string value, ElementType type, Shape output, bool isNhwc)
    {
        var shape = plan.Info(value).Shape;
        bool isPicture = isNhwc && shape.Rank == output.Rank && !PlanBuffer.IsLayoutFree(shape);
        var buffer = plan.Demand(value, type, isPicture ? Layout.Nhwc : Layout.Plain);
        long[] steps = isPicture ? Strides(buffer, shape) : Strides(shape, output, type.Size());
        for (int d = 0; isPicture && d < steps.Length; d++)
            if (shape[d] == 1) steps[d] = 0;
        return new(buffer, Ordered(steps, isNhwc));
    }

    /// <summary>The walk over an output and its two inputs.</summary>
    public static BinaryDimension[] Dimensions(Shape shape, long[] left, long[] right, PlanBuffer output, bool isNhwc)
    {
        int[] sizes = Ordered(shape.Dimensions.ToArray(), isNhwc);
        long[] steps = Ordered(isNhwc ? Strides(output, shape) : Strides(shape, shape, output.Type.Size()), isNhwc);
        return BinaryDimension.Joined(sizes.Select((size, d) => new BinaryDimension(size, left[d], right[d], steps[d])));
    }

    // Of a picture that is stored with its channels innermost.
    private static long[] Strides(PlanBuffer picture, Shape shape) =>
        [.. ElementStrides.Of(shape, picture, Layout.Nhwc).Steps.Select(step => step * picture.Type.Size())];

    // Of a row-major value, aligned at the last dimension.
    private static long[] Strides(Shape shape, Shape output, int elementSize)
    {
        long[] steps = new long[output.Rank];
        long step = elementSize;
        for (int d = 1; d <= shape.Rank; d++)
        {
            if (shape[^d] != 1) steps[^d] = step;
            step *= shape[^d];
        }

        return steps;
    }

    // As they follow each other in memory.
    private static T[] Ordered<T>(T[] dimensions, bool isNhwc) =>
        isNhwc ? [dimensions[0], .. dimensions[2..], dimensions[1]] : dimensions;
}
