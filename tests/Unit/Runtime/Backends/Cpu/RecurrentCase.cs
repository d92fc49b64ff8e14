using ResNetEdge.Backends.Cpu;
using ResNetEdge.Operators.Recurrent;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>A random recurrence with its memory: any cell, activation, layout, direction and length.</summary>
internal sealed unsafe class RecurrentCase : IDisposable
{
    private readonly Random _random;

    public RecurrentCase(Random random, int threads)
    {
        _random = random;
        Arena = new TestArena(random);
        var cell = (RecurrentCell)new[] { 1, 3, 4 }[random.Next(3)];
        int gates = (int)cell, steps = random.Next(1, 6), batch = random.Next(1, 11);
        int hidden = random.Next(2) == 0 ? random.Next(1, 12) : random.Next(1, 80);
        var shape = new RecurrentShape(steps, batch, 3, hidden, random.Next(1, 3), random.Next(2) == 0);
        int states = shape.Directions * batch * hidden, functions = cell switch { RecurrentCell.Lstm => 3, RecurrentCell.Gru => 2, _ => 1 };
        bool isLstm = cell == RecurrentCell.Lstm, resetsProduct = cell == RecurrentCell.Gru && random.Next(2) == 0;
        double clip = random.Next(3) == 0 ? 0.5 : double.PositiveInfinity;
        var problem = new RecurrentFp32Problem
        {
            Layer = "LSTM 'layer'",
            Cell = cell,
            Shape = shape,
            IsReverse = random.Next(2) == 0,
            Functions = [.. Enumerable.Range(0, shape.Directions * functions).Select(_ => Function(clip))],
            StateWeights = Floats(shape.Directions * gates * hidden * hidden, 1.0 / hidden),
            ResetsProduct = resetsProduct,
            CandidateBias = resetsProduct && random.Next(2) == 0 ? Floats(shape.Directions * hidden, 1) : null,
            CouplesGates = isLstm && random.Next(3) == 0,
            Peepholes = isLstm && random.Next(2) == 0 ? Floats(shape.Directions * 3 * hidden, 1) : null,
            Product = Reserve(steps * batch * shape.Directions * gates * hidden),
            Lengths = random.Next(3) == 0 ? Reserve(batch) : null,
            InitialHidden = Optional(states, true),
            InitialCell = Optional(states, isLstm),
            Sequence = Optional(steps * states, true),
            LastHidden = Reserve(states),
            LastCell = Optional(states, isLstm),
        };
        long bytes = threads * problem.PartBytes;
        Problem = problem with { Scratch = new Scratch(Arena.Reserve(bytes, 64), bytes) };
        Problem.Check();
        Arena.Create(floats: false);
        Arena.FillFloats();
        foreach (ref float value in new Span<float>(Arena.Base + Problem.Product, steps * batch * shape.Directions * gates * hidden)) value /= 50;
        for (int b = 0; b < batch && Problem.Lengths is { } lengths; b++) ((int*)(Arena.Base + lengths))[b] = random.Next(steps + 1);
    }

    public TestArena Arena { get; }

    public RecurrentFp32Problem Problem { get; }

    /// <summary>Compares every byte but those of the scratch memory, and disposes of both.</summary>
    public void AssertEqual(PreparedKernel reference, PreparedKernel kernel, int parts, string description) =>
        KernelCases.AssertEqual(Arena, reference, kernel, parts, description, Problem.Scratch);

    public void Dispose() => Arena.Dispose();

    private GateFunction Function(double clip)
    {
        var kind = _random.Next(2) == 0 ? GateFunction.Function.Sigmoid : (GateFunction.Function)_random.Next(11);
        return new GateFunction(kind, _random.NextSingle(), _random.NextSingle(), clip);
    }

    private float[] Floats(int count, double scale) => [.. Enumerable.Range(0, count).Select(_ => (float)((_random.NextDouble() * 2 - 1) * scale))];

    private long Reserve(int count) => Arena.Reserve((long)count * sizeof(float), sizeof(float));

    private long? Optional(int count, bool mayExist) => mayExist && _random.Next(3) > 0 ? Reserve(count) : null;
}
