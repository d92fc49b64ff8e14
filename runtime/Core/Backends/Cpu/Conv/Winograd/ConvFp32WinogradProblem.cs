using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>A float convolution that is to be computed by Winograd's method. The backend makes it of the plan's problem.</summary>
internal sealed record ConvFp32WinogradProblem : StepProblem
{
    /// <param name="conv">3×3, stride 1, no groups.</param>
    /// <param name="outputs">Output pixels along a side of a tile: 2 or 4.</param>
    public ConvFp32WinogradProblem(ConvFp32Problem conv, int outputs) => (Conv, Outputs, Scratch) = (conv, outputs, conv.Scratch);

    /// <summary>The convolution.</summary>
    public ConvFp32Problem Conv { get; init; }

    /// <summary>Output pixels along a side of a tile: 2 or 4.</summary>
    public int Outputs { get; init; }

    /// <summary>Transformed inputs and products, <see cref="WinogradLayout.PartBytes"/> for each thread.</summary>
    public long ScratchBytes(int threads, WinogradBlocking blocking) =>
        threads * new WinogradLayout(Conv.Shape, WinogradTransform.Of(Outputs), blocking).PartBytes;

    public override void Check() => Conv.Check();

    protected override StepProblem Move(StepPlaces places) => new ConvFp32WinogradProblem((ConvFp32Problem)Conv.Bind(places), Outputs);
}
