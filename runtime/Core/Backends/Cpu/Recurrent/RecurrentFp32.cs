using ResNetEdge.Operators.Lanes;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Recurrent;

/// <summary>
/// The recurrence of an RNN, GRU or LSTM: for each time step a product of the state and then the cell, a register of lanes at a time. Directions and
/// groups of sequences are divided between threads. Every tier gives the bits of one lane.
/// </summary>
/// <typeparam name="TLanes">The instruction set's lanes; one lane is the reference.</typeparam>
internal sealed unsafe class RecurrentFp32<TLanes> : PreparedKernel where TLanes : struct, IFloatLanes<TLanes>
{
    private readonly RecurrentFp32Problem _problem;
    private readonly CellFp32[] _cells;
    private readonly int _rows, _blocks;
    private readonly long _pitch; // floats of all gates of one sequence and step

    /// <param name="name">Its name in the table.</param>
    /// <param name="problem">Checked, with its scratch memory.</param>
    /// <param name="pack">How the weights of the state are packed.</param>
    public RecurrentFp32(string name, RecurrentFp32Problem problem, CellFp32.Pack pack)
    {
        (Name, _problem) = (name, problem);
        var shape = problem.Shape;
        if (problem.Scratch is not { } scratch || scratch.Bytes < problem.PartBytes)
            throw new ArgumentException($"{shape}: {problem.Scratch} is no room for {problem.PartBytes} bytes");
        _rows = problem.Lengths is null ? RecurrentFp32Problem.MaxRows : 1;
        _blocks = (shape.Batch + _rows - 1) / _rows;
        _pitch = (long)shape.Directions * problem.Gates * shape.Hidden;
        _cells = new CellFp32[shape.Directions];
        for (int d = 0; d < _cells.Length; d++) _cells[d] = CellFp32.Of<TLanes>(problem, d, pack);
    }

    public override string Name { get; }

    public override long PackedBytes => _cells.Sum(static cell => cell.Bytes);

    public override void Run(byte* arena, int part, int parts)
    {
        var scratch = _problem.Scratch!.Value;
        parts = (int)Math.Min(parts, scratch.Bytes / _problem.PartBytes);
        if (part >= parts) return;
        var (start, end) = KernelPart.Range(_cells.Length * _blocks, part, parts);
        for (int unit = start; unit < end; unit++)
        {
            int first = unit % _blocks * _rows;
            byte* memory = arena + scratch.Offset + part * _problem.PartBytes;
            Sequences(arena, memory, unit / _blocks, first, Math.Min(_rows, _problem.Shape.Batch - first));
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        foreach (var cell in _cells) cell.Dispose();
    }

    // Scratch: sums of each row, states, cells.
    private void Sequences(byte* arena, byte* scratch, int direction, int first, int count)
    {
        var shape = _problem.Shape;
        new Span<byte>(scratch, checked((int)_problem.PartBytes)).Clear();
        var rows = new StepRows
        {
            GivenPitch = shape.BatchFirst ? shape.Steps * _pitch : _pitch,
            Sums = (float*)scratch,
            SumsPitch = _problem.SumsPitch,
            Hidden = (float*)scratch + (long)RecurrentFp32Problem.MaxRows * _problem.SumsPitch,
            Count = count,
        };
        rows.Cell = rows.Hidden + RecurrentFp32Problem.MaxRows * shape.Hidden;
        CopyStates(At(arena, _problem.InitialHidden), rows.Hidden, direction, first, count, isLoad: true);
        CopyStates(At(arena, _problem.InitialCell), rows.Cell, direction, first, count, isLoad: true);
        int length = Length(arena, first);
        bool isReverse = direction == 1 || _problem.IsReverse;
        float* given = At(arena, _problem.Product) + direction * (_pitch / shape.Directions), sequence = At(arena, _problem.Sequence);
        for (int step = 0; step < length; step++)
        {
            int time = isReverse ? length - 1 - step : step;
            rows.Given = given + (shape.BatchFirst ? (long)first * shape.Steps + time : (long)time * shape.Batch + first) * _pitch;
            _cells[direction].Step(in rows);
            if (sequence == null) continue;
            for (int row = 0; row < count; row++)
                State(rows.Hidden, row).CopyTo(new Span<float>(sequence + shape.OutputAt(time, direction, first + row), shape.Hidden));
        }

        for (int time = length; time < shape.Steps && sequence != null; time++)
            new Span<float>(sequence + shape.OutputAt(time, direction, first), shape.Hidden).Clear();
        CopyStates(At(arena, _problem.LastHidden), rows.Hidden, direction, first, count, isLoad: false);
        CopyStates(At(arena, _problem.LastCell), rows.Cell, direction, first, count, isLoad: false);
    }

    private int Length(byte* arena, int sequence)
    {
        int steps = _problem.Shape.Steps;
        if (_problem.Lengths is not { } lengths) return steps;
        int length = ((int*)(arena + lengths))[sequence];
        return length >= 0 && length <= steps ? length
            : throw EdgeException.BadInput($"{_problem.Layer}: sequence {sequence} is {length} steps long, but there are {steps}");
    }

    private void CopyStates(float* values, float* scratch, int direction, int first, int count, bool isLoad)
    {
        if (values == null) return;
        for (int row = 0; row < count; row++)
        {
            Span<float> inArena = new(values + _problem.Shape.StateAt(direction, first + row), _problem.Shape.Hidden), state = State(scratch, row);
            if (isLoad) inArena.CopyTo(state);
            else state.CopyTo(inArena);
        }
    }

    private Span<float> State(float* states, int row) => new(states + (long)row * _problem.Shape.Hidden, _problem.Shape.Hidden);

    private static float* At(byte* arena, long? offset) => offset is { } bytes ? (float*)(arena + bytes) : null;
}
