using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Binary;

/// <summary>
/// Walks two inputs and an output by their strides, a row of the innermost dimension at a time. Parts share the rows; where there are fewer rows than
/// parts, they share each row.
/// </summary>
internal abstract unsafe class BinaryKernel : PreparedKernel
{
    private const int CacheLine = 64;
    private readonly long _left, _right, _output;
    private readonly BinaryDimension[] _outer;
    private readonly BinaryDimension _inner;
    private readonly int _rows = 1;

    /// <param name="problem">A checked problem.</param>
    protected BinaryKernel(BinaryFp32Problem problem)
    {
        (_left, _right, _output) = (problem.Left, problem.Right, problem.Output);
        _outer = [.. problem.Dimensions.SkipLast(1)];
        _inner = problem.Dimensions[^1];
        foreach (var dimension in _outer) _rows = checked(_rows * dimension.Size);
    }

    public sealed override void Run(byte* arena, int part, int parts)
    {
        bool sharesRows = _rows >= parts;
        var (start, end) = sharesRows ? KernelPart.Range(_rows, part, parts) : (0, _rows);
        var (first, last) = sharesRows ? (0, _inner.Size) : KernelPart.Range(_inner.Size, part, parts, CacheLine / sizeof(float));
        byte* left = arena + _left + first * _inner.Left, right = arena + _right + first * _inner.Right,
            output = arena + _output + first * _inner.Output;
        int* at = stackalloc int[BinaryFp32Problem.MaxDimensions];
        int rest = start;
        for (int d = _outer.Length - 1; d >= 0; d--)
        {
            at[d] = rest % _outer[d].Size;
            rest /= _outer[d].Size;
            left += at[d] * _outer[d].Left;
            right += at[d] * _outer[d].Right;
            output += at[d] * _outer[d].Output;
        }

        for (int row = start; row < end; row++)
        {
            Row((float*)left, _inner.Left, (float*)right, _inner.Right, (float*)output, _inner.Output, last - first);
            for (int d = _outer.Length - 1; d >= 0; d--)
            {
                ref readonly var dimension = ref _outer[d];
                int steps = ++at[d] < dimension.Size ? 1 : 1 - dimension.Size;
                left += steps * dimension.Left;
                right += steps * dimension.Right;
                output += steps * dimension.Output;
                if (steps == 1) break;
                at[d] = 0;
            }
        }
    }

    /// <summary>Computes elements of a row; steps are in bytes.</summary>
    protected abstract void Row(float* left, long leftStep, float* right, long rightStep, float* output, long outputStep, int count);
}
