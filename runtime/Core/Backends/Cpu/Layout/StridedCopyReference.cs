using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Layout;

/// <summary>Element by element; the definition.</summary>
internal sealed unsafe class StridedCopyReference(StridedCopyProblem problem) : PreparedKernel
{
    private readonly CopyDimension[] _dimensions = [.. problem.Dimensions];
    private readonly int _size = problem.Type.Size();

    public override string Name => nameof(StridedCopyReference);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_dimensions[0].Size, part, parts);
        for (int i = start; i < end; i++)
            Copy(arena + problem.Input + i * _dimensions[0].Input, arena + problem.Output + i * _dimensions[0].Output, 1);
    }

    private void Copy(byte* from, byte* to, int dimension)
    {
        if (dimension == _dimensions.Length)
        {
            for (int b = 0; b < _size; b++)
                to[b] = from[b];
            return;
        }

        var d = _dimensions[dimension];
        for (int i = 0; i < d.Size; i++)
            Copy(from + i * d.Input, to + i * d.Output, dimension + 1);
    }
}
