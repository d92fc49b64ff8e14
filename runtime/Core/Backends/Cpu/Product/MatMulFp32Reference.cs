using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Product;

/// <summary>Each element is one chain of fused multiply-adds in the order of k; the definition.</summary>
internal sealed unsafe class MatMulFp32Reference(MatMulFp32Problem problem) : PreparedKernel
{
    private readonly MatrixTriple[] _products = [.. problem.Products];

    public override string Name => nameof(MatMulFp32Reference);

    public override void Run(byte* arena, int part, int parts)
    {
        var p = problem;
        var (start, end) = KernelPart.Range(checked(_products.Length * p.M), part, parts);
        for (int i = start; i < end; i++)
        {
            var (product, row) = Math.DivRem(i, p.M);
            float* a = (float*)(arena + p.Left + _products[product].Left + row * p.LeftRow);
            float* y = (float*)(arena + p.Output + _products[product].Output + row * p.OutputRow);
            for (int n = 0; n < p.N; n++)
            {
                byte* b = arena + p.Right + _products[product].Right + n * p.RightColumn;
                float sum = 0;
                for (int k = 0; k < p.K; k++)
                    sum = MathF.FusedMultiplyAdd(a[k], *(float*)(b + k * p.RightRow), sum);
                y[n] = sum;
            }
        }
    }
}
