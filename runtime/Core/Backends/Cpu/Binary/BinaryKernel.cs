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
    private readonly int _elementsPerLine;
    private readonly BinaryDimension[] _outer;
    private readonly BinaryDimension _inner;
    private readonly int _rows = 1;

    /// <param name="dimensions">Outermost first; steps in bytes.</param>
    /// <param name="left">Where the first input begins.</param>
    /// <param name="right">The same of the second input.</param>
    /// <param name="output">The same of the output.</param>
    /// <param name="elementSize">Bytes of an element of the output.</param>
    protected BinaryKernel(IReadOnlyList<BinaryDimension> dimensions, long left, long right, long output, int elementSize)
    {
        (_left, _right, _output, _elementsPerLine) = (left, right, output, CacheLine / elementSize);
        _outer = [.. dimensions.SkipLast(1)];
        _inner = dimensions[^1];
        foreach (var dimension in _outer) _rows = checked(_rows * dimension.Size);
    }

    public sealed override void Run(byte* arena, int part, int parts)
    {
        bool sharesRows = _rows >= parts;
        var (start, end) = sharesRows ? KernelPart.Range(_rows, part, parts) : (0, _rows);
        var (first, last) = sharesRows ? (0, _inner.Size) : KernelPart.Range(_inner.Size, part, parts, _elementsPerLine);
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
            Row(left, _inner.Left, right, _inner.Right, output, _inner.Output, last - first);
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
    protected abstract void Row(byte* left, long leftStep, byte* right, long rightStep, byte* output, long outputStep, int count);
}
