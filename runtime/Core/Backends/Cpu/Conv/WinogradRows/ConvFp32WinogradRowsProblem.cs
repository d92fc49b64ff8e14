using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradRows;

/// <summary>
/// A float convolution with filter rows of seven and stride 2 that is to be computed by Winograd's method along rows. The backend makes it of the
/// plan's problem.
/// </summary>
internal sealed record ConvFp32WinogradRowsProblem : StepProblem
{
    /// <param name="conv">As <see cref="ConvFp32WinogradRows.HasShape"/> says.</param>
    public ConvFp32WinogradRowsProblem(ConvFp32Problem conv) => (Conv, Scratch) = (conv, conv.Scratch);

    /// <summary>The convolution.</summary>
    public ConvFp32Problem Conv { get; init; }

    public override void Check() => Conv.Check();

    protected override StepProblem Move(StepPlaces places) => new ConvFp32WinogradRowsProblem((ConvFp32Problem)Conv.Bind(places));
}
