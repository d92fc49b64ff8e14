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

    /// <summary>u8 to u8 of another scale. A window of one element is exactly that: the difference to the zero point, multiplied, rounded.</summary>
    public static PlanStep Requantize(string value, PlanBuffer from, PlanBuffer to, QuantizedView read, QuantizedView view) =>
        new("Requantize", value, new AveragePoolProblem
        {
            Shape = new PoolShape
            {
                Batch = from.Shape.Batch,
                InputHeight = from.Shape.Height,
                InputWidth = from.Shape.Width,
                Channels = from.Shape.Channels,
                KernelHeight = 1,
                KernelWidth = 1,
            },
            Type = ElementType.UInt8,
            Input = from.Inside,
            Output = to.Inside,
            Multiplier = (double)read.Scale / view.Scale,
            InputZeroPoint = read.ZeroPoint,
            OutputZeroPoint = view.ZeroPoint,
        }, [from], [to]);

    /// <summary>Row-major to channels innermost.</summary>
    public static PlanStep ToNhwc(string value, PlanBuffer from, PlanBuffer to) =>
        new("NchwToNhwc", value, new NchwToNhwcProblem
        {
            Shape = to.Shape,
            InputOffset = from.Inside.Offset,
            InputType = from.Type,
            Output = to.Inside,
            OutputType = to.Type,
        }, [from], [to]);

    /// <summary>Channels innermost to row-major.</summary>
    public static PlanStep ToNchw(string value, PlanBuffer from, PlanBuffer to) =>
        new("NhwcToNchw", value, new NhwcToNchwProblem
        {
            Shape = from.Shape,
            Input = from.Inside,
            InputType = from.Type,
            OutputOffset = to.Inside.Offset,
            OutputType = to.Type,
        }, [from], [to]);
}
