using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>ONNX MaxPool on u8, float16 or float32; input and output share scale and zero point, so the numbers are compared as they are.</summary>
internal sealed record MaxPoolProblem : StepProblem
{
    public required PoolShape Shape { get; init; }

    /// <summary><see cref="ElementType.UInt8"/>, <see cref="ElementType.Float16"/> or <see cref="ElementType.Float32"/>.</summary>
    public required ElementType Type { get; init; }

    public required Placement Input { get; init; }

    public required Placement Output { get; init; }

    public override void Check()
    {
        Shape.Check();
        Input.Check("input", Shape.Input, Type.KernelSize());
        Output.Check("output", Shape.Output, Type.KernelSize());
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Output = Output.Moved(places.Writes[0]),
    };
}
