using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>
/// Float32 to float16, rounded to nearest, ties to even, beyond <see cref="HalfNumbers.Largest"/> to infinity; or float16 to float32, which is exact.
/// </summary>
internal sealed record ConvertFp16Problem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    public required Placement Input { get; init; }

    public required Placement Output { get; init; }

    /// <summary>True: float32 becomes float16; false: float16 becomes float32.</summary>
    public required bool ToHalf { get; init; }

    public override void Check()
    {
        Input.Check("input", Shape, ToHalf ? sizeof(float) : HalfNumbers.Size);
        Output.Check("output", Shape, ToHalf ? HalfNumbers.Size : sizeof(float));
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Output = Output.Moved(places.Writes[0]),
    };
}
