using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>A value as lines of floats that lie side by side: what kernels that work along an axis read and write.</summary>
internal static class LineForms
{
    /// <summary>A value of float32 that is not empty, row-major, as lines of one length.</summary>
    public static PlanBuffer Rows(PlanBuilder plan, string value, int length) =>
        AsRows(plan.Demand(value, ElementType.Float32, Layout.Plain), plan.Info(value).Shape.ElementCount, length);

    /// <summary>A row-major buffer for a value, as lines.</summary>
    public static PlanBuffer NewRows(PlanBuilder plan, string value, int length)
    {
        var info = plan.Info(value);
        return AsRows(plan.Steps.NewBuffer(info, ElementType.Float32), info.Shape.ElementCount, length);
    }

    /// <summary>Notes that a value exists as lines; its readers see it in its own shape.</summary>
    public static void Produced(PlanBuilder plan, string value, PlanBuffer lines) =>
        plan.Forms.Produced(value, InShape(lines, PlanBuffer.ShapeOf(plan.Info(value).Shape)), Layout.Plain);

    private static PlanBuffer AsRows(PlanBuffer buffer, int elements, int length) => InShape(buffer, new NhwcShape(1, 1, elements / length, length));

    // Row-major buffers have no gaps.
    private static PlanBuffer InShape(PlanBuffer buffer, NhwcShape shape) =>
        buffer with { Shape = shape, Inside = PlanBuffer.Dense(ElementType.Float32, shape).Inside with { Offset = buffer.Inside.Offset } };
}
