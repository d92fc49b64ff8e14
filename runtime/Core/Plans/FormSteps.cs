using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>The steps that turn one form of a value into another.</summary>
internal static class FormSteps
{
    /// <summary>u8 to float32.</summary>
    public static PlanStep Dequantize(string value, PlanBuffer from, PlanBuffer to, QuantizedView view) =>
        new(OpTypes.DequantizeLinear, value, new DequantizeLinearProblem
        {
            Shape = from.Shape,
            Input = from.Inside,
            Output = to.Inside,
            Scale = view.Scale,
            ZeroPoint = view.ZeroPoint,
        }, [from], [to]);

    /// <summary>float32 to u8.</summary>
    public static PlanStep Quantize(string value, PlanBuffer from, PlanBuffer to, QuantizedView view) =>
        new(OpTypes.QuantizeLinear, value, new QuantizeLinearProblem
        {
            Shape = from.Shape,
            Input = from.Inside,
            Output = to.Inside,
            Scale = view.Scale,
            ZeroPoint = view.ZeroPoint,
        }, [from], [to]);

    /// <summary>float32 to float16 or back, by the type of what is written.</summary>
    public static PlanStep Convert(string value, PlanBuffer from, PlanBuffer to) =>
        new(OpTypes.Cast, value, new ConvertFp16Problem
        {
            Shape = from.Shape,
            Input = from.Inside,
            Output = to.Inside,
            ToHalf = to.Type == ElementType.Float16,
        }, [from], [to]);

    /// <summary>u8 to u8 of another scale.</summary>
    public static PlanStep Requantize(string value, PlanBuffer from, PlanBuffer to, QuantizedView read, QuantizedView view) =>
        new("Requantize", value, new UnaryInt8Problem
        {
            Shape = from.Shape,
            Input = from.Inside,
            Output = to.Inside,
            Table = read.Requantized(view),
        }, [from], [to]);

    /// <summary>Elements from where they lie to another order.</summary>
    public static PlanStep Move(string operation, string value, StridedBuffer from, PlanBuffer to, ElementStrides target)
    {
        int size = to.Type.Size();
        var (sizes, steps) = (from.Strides.Sizes, from.Strides.Steps);
        return new(operation, value, new StridedCopyProblem
        {
            Type = to.Type,
            Dimensions = CopyDimension.Joined(sizes.Select((count, d) => new CopyDimension(count, steps[d] * size, target.Steps[d] * size)), size),
            Input = from.Buffer.Inside.Offset,
            Output = to.Inside.Offset,
        }, [from.Buffer], [to]);
    }
}
