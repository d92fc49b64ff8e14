using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradFp16;

/// <summary>A convolution in half precision that is to be computed by Winograd's method. The backend makes it of the plan's problem.</summary>
internal sealed record ConvFp16WinogradProblem : StepProblem
{
    /// <param name="conv">3×3, stride 1, no groups.</param>
    /// <param name="outputs">Output pixels along a side of a tile: 2 or 4.</param>
    public ConvFp16WinogradProblem(ConvFp16Problem conv, int outputs) => (Conv, Outputs, Scratch) = (conv, outputs, conv.Scratch);

    /// <summary>The convolution.</summary>
    public ConvFp16Problem Conv { get; init; }

    /// <summary>Output pixels along a side of a tile: 2 or 4.</summary>
    public int Outputs { get; init; }

    public override void Check() => Conv.Check();

    protected override StepProblem Move(StepPlaces places) => new ConvFp16WinogradProblem((ConvFp16Problem)Conv.Bind(places), Outputs);
}
