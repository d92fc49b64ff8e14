using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Layout;

/// <summary>
/// Runs that are contiguous on both sides are copied as they are. Where the input is contiguous along another dimension than the output, planes of
/// these two are transposed in blocks: sixteen elements of a line of the input, so a cache line of floats, go to sixteen lines of the output.
/// </summary>
internal sealed unsafe class StridedCopyBlocks : PreparedKernel
{
    private const int Block = 16, Lanes = 4;
    private readonly string _name;
    private readonly StridedCopyProblem _problem;
    private readonly int _size, _blocks, _units;
    private readonly CopyDimension[] _outer;
    private readonly CopyDimension _rows, _line;

    public StridedCopyBlocks(string name, StridedCopyProblem problem)
    {
        (_name, _problem, _size) = (name, problem, problem.Type.Size());
        var dimensions = problem.Dimensions.ToList();
        _line = dimensions[^1].Output == _size ? dimensions[^1] : new(1, _size, _size);
        if (dimensions[^1].Output == _size) dimensions.RemoveAt(dimensions.Count - 1);
        // Beside the line that is written, the one that is read; where they are the same, any other.
        int rows = _line.Input == _size ? -1 : dimensions.FindIndex(d => d.Input == _size);
        if (rows < 0) rows = dimensions.Count - 1;
        _rows = rows < 0 ? new(1, 0, 0) : dimensions[rows];
        if (rows >= 0) dimensions.RemoveAt(rows);
        _outer = [.. dimensions];
        _blocks = (_rows.Size + Block - 1) / Block;
        _units = _outer.Aggregate(_blocks, static (units, d) => checked(units * d.Size));
    }

    public override string Name => _name;

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_units, part, parts);
        for (int unit = start; unit < end; unit++)
        {
            var (rest, block) = Math.DivRem(unit, _blocks);
            int first = block * Block, rows = Math.Min(Block, _rows.Size - first);
            byte* from = arena + _problem.Input + first * _rows.Input, to = arena + _problem.Output + first * _rows.Output;
            for (int d = _outer.Length - 1; d >= 0; d--)
            {
                (rest, int index) = Math.DivRem(rest, _outer[d].Size);
                from += index * _outer[d].Input;
                to += index * _outer[d].Output;
            }

            CopyRows(from, to, rows);
        }
    }

    private void CopyRows(byte* from, byte* to, int rows)
    {
        if (_line.Input == _size)
        {
            long bytes = (long)_line.Size * _size;
            for (int row = 0; row < rows; row++)
                Buffer.MemoryCopy(from + row * _rows.Input, to + row * _rows.Output, bytes, bytes);
            return;
        }

        switch (_size)
        {
            case 1: Transpose(from, to, rows); break;
            case 2: Transpose((ushort*)from, (ushort*)to, rows); break;
            case 4: Transpose32(from, to, rows); break;
            default: Transpose((ulong*)from, (ulong*)to, rows); break;
        }
    }

    private void Transpose32(byte* from, byte* to, int rows)
    {
        int column = 0;
        if (_rows.Input == sizeof(float) && rows >= Lanes)
        {
            for (int next; column <= _line.Size - Lanes; column = next)
            {
                next = Math.Min(column + Block, _line.Size / Lanes * Lanes);
                Square32(from + column * _line.Input, to + column * (long)sizeof(float), next - column, rows);
            }
        }

        Transpose((uint*)from, (uint*)to, rows, column);
    }

    /// <summary>
    /// Up to a cache line of each row, four rows at a time: the rows may lie a power of two apart, so that few of their lines stay in the first
    /// cache together.
    /// </summary>
    private void Square32(byte* from, byte* to, int columns, int rows)
    {
        int row = 0;
        for (; row <= rows - Lanes; row += Lanes)
        {
            for (int column = 0; column < columns; column += Lanes)
                Transpose4x4.Run(
                    from + column * _line.Input + row * sizeof(float), _line.Input,
                    to + row * _rows.Output + column * sizeof(float), _rows.Output);
        }

        for (; row < rows; row++)
        {
            for (int i = 0; i < columns; i++)
                ((uint*)(to + row * _rows.Output))[i] = *(uint*)(from + i * _line.Input + row * sizeof(float));
        }
    }

    private void Transpose<T>(T* from, T* to, int rows, int first = 0) where T : unmanaged
    {
        long across = _line.Input / sizeof(T), down = _rows.Input / sizeof(T), pitch = _rows.Output / sizeof(T);
        for (int column = first; column < _line.Size; column += Block)
        {
            int last = Math.Min(column + Block, _line.Size);
            for (int row = 0; row < rows; row++)
                for (int i = column; i < last; i++)
                    to[row * pitch + i] = from[row * down + i * across];
        }
    }
}
