using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>
/// ONNX AveragePool and GlobalAveragePool. Float32: sum / count. Float16: the same in float32, rounded once. u8: s = Σ(x - inputZeroPoint), exact;
/// f = (float)s · (float)(multiplier / count); q = clamp(roundToEven(f) + outputZeroPoint, Low, High).
/// </summary>
internal sealed record AveragePoolProblem : StepProblem
{
    public required PoolShape Shape { get; init; }

    /// <summary><see cref="ElementType.UInt8"/>, <see cref="ElementType.Float16"/> or <see cref="ElementType.Float32"/>.</summary>
    public required ElementType Type { get; init; }

    public required Placement Input { get; init; }

    public required Placement Output { get; init; }

    /// <summary>True: padding counts as zeros; false: only what lies inside the picture is averaged.</summary>
    public bool CountIncludePad { get; init; }

    /// <summary>u8: input scale / output scale.</summary>
    public double Multiplier { get; init; } = 1;

    public byte InputZeroPoint { get; init; }

    public byte OutputZeroPoint { get; init; }

    /// <summary>Lower clamp of a u8 result.</summary>
    public byte Low { get; init; }

    /// <summary>Upper clamp of a u8 result.</summary>
    public byte High { get; init; } = 255;

    /// <summary>Elements that a window of so many rows and columns inside the picture is divided by.</summary>
    public int Count(int rows, int columns) => CountIncludePad ? Shape.KernelHeight * Shape.KernelWidth : rows * columns;

    /// <summary>The u8 multiplier for a count; one rounding to float32.</summary>
    public float MultiplierFor(int count) => (float)(Multiplier / count);

    public override void Check()
    {
        Shape.Check();
        Input.Check("input", Shape.Input, Type.KernelSize());
        Output.Check("output", Shape.Output, Type.KernelSize());
        if (Low > High)
            throw new ArgumentException("the lower clamp lies above the upper one");
        if ((long)Shape.KernelHeight * Shape.KernelWidth > int.MaxValue / 255)
            throw EdgeException.BadInput($"averaging over {Shape.KernelHeight}x{Shape.KernelWidth} pixels can overflow 32 bits");
        if (Type == ElementType.UInt8 && (!double.IsFinite(Multiplier) || Multiplier <= 0 || 255 * Multiplier >= Requantize.Limit / 2))
            throw EdgeException.BadInput($"the ratio of input and output scale of an average is {Multiplier}; it must be positive and below 2^22");
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Output = Output.Moved(places.Writes[0]),
    };
}
