using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Conv.WinogradRows;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>Winograd's method along rows whose products are added one by one in the order of the machine code, on any processor.</summary>
internal sealed unsafe class RowsByNumbers(ConvFp32WinogradRowsProblem problem) : ConvFp32WinogradRows(problem)
{
    private const int Group = 4;

    public override string Name => nameof(RowsByNumbers);

    protected override void Multiply(in WinogradProduct p)
    {
        for (int i = 0; i < p.Count; i++)
        {
            for (int tile = 0; tile < p.Tiles; tile++)
            {
                float* inputs = p.Inputs + i * p.InputPitch + tile / Group * p.TilePitch + tile % Group, weights = p.Weights + i * p.WeightPitch;
                for (int lane = 0; lane < p.Width; lane++)
                {
                    float sum = 0;
                    for (int channel = 0; channel < p.Channels; channel++)
                        sum = MathF.FusedMultiplyAdd(weights[channel * p.Width + lane], inputs[channel * Group], sum);
                    p.Products[i * p.ProductPitch + tile * p.Width + lane] = sum;
                }
            }
        }
    }
}
