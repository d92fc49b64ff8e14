using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Unary;

/// <summary>
/// Walks the elements of an input and an output of one type in runs that are contiguous in both; all in one run where neither has gaps.
/// </summary>
internal abstract unsafe class UnaryKernel : PreparedKernel
{
    private const int CacheLine = 64;
    private readonly Placement _input, _output;
    private readonly RowWalk _walk;
    private readonly int _elementSize, _elements;
    private readonly bool _isDense;

    /// <param name="shape">Of both.</param>
    /// <param name="input">Where the input lies.</param>
    /// <param name="output">Where the output lies; may be the input's place.</param>
    /// <param name="elementSize">Bytes of an element of either.</param>
    protected UnaryKernel(NhwcShape shape, Placement input, Placement output, int elementSize)
    {
        (_input, _output, _elementSize, _elements) = (input, output, elementSize, checked((int)shape.Elements));
        bool isPacked = RowWalk.ArePacked(shape, (input, elementSize), (output, elementSize));
        _isDense = isPacked && IsDense(input, shape) && IsDense(output, shape);
        _walk = new RowWalk(shape, isPacked);
    }

    public sealed override void Run(byte* arena, int part, int parts)
    {
        if (_isDense)
        {
            var (first, last) = KernelPart.Range(_elements, part, parts, CacheLine);
            long skipped = (long)first * _elementSize;
            Elements(arena + _input.Offset + skipped, arena + _output.Offset + skipped, last - first);
            return;
        }

        var (start, end) = KernelPart.Range(_walk.Runs, part, parts);
        for (int run = start; run < end; run++)
            Elements(arena + _walk.Offset(_input, run), arena + _walk.Offset(_output, run), _walk.Length);
    }

    /// <summary>Computes so many elements.</summary>
    protected abstract void Elements(byte* input, byte* output, int count);

    private static bool IsDense(Placement placement, NhwcShape shape) =>
        placement.RowStride == shape.Width * placement.PixelStride && (shape.Batch == 1 || placement.IsDense(shape.Height, shape.Width));
}
