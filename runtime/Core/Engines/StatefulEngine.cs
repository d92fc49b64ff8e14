using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines;

/// <summary>
/// An engine that keeps the states of a streaming network from run to run, in memory of its own: callers see the other inputs and outputs only. A
/// state is copied in before each run and out after it; it is 0 at first, and unchanged by a run that fails.
/// </summary>
internal sealed unsafe class StatefulEngine : IEngine
{
    private const nuint Alignment = 64;
    private readonly IEngine _engine;
    private readonly StateBinding[] _states;
    private readonly int[] _inputs, _outputs; // those that callers see, by their numbers in the network
    private readonly nuint _bytes;
    private byte* _memory;

    private StatefulEngine(IEngine engine, StateBinding[] states)
    {
        (_engine, _states) = (engine, states);
        _inputs = [.. Enumerable.Range(0, engine.Inputs.Count).Where(i => !Array.Exists(states, s => s.Input == i))];
        _outputs = [.. Enumerable.Range(0, engine.Outputs.Count).Where(o => !Array.Exists(states, s => s.Output == o))];
        Inputs = [.. _inputs.Select(i => engine.Inputs[i])];
        Outputs = [.. _outputs.Select(o => engine.Outputs[o])];
        _bytes = (nuint)(states[^1].Offset + Math.Max(1, states[^1].Bytes));
        _memory = (byte*)NativeMemory.AlignedAlloc(_bytes, Alignment);
        ResetStates();
    }

    public string Name => _engine.Name;

    public IReadOnlyList<string> Notes => _engine.Notes;

    public long MemoryBytes => _engine.MemoryBytes + (long)_bytes;

    public IReadOnlyList<TensorInfo> Inputs { get; }

    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The engine with these states, or as it is without any. Disposes of the engine if they do not fit.</summary>
    /// <exception cref="EdgeException">Usage: they do not fit the network.</exception>
    public static IEngine Over(IEngine engine, IReadOnlyList<ModelState> states)
    {
        if (states.Count == 0) return engine;
        try
        {
            return new StatefulEngine(engine, StateBinding.Of(states, engine.Inputs, engine.Outputs));
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged => _engine.SetInput(_inputs[index], values);

    public InputBuffer ImageInput(int index, int image = 0) => _engine.ImageInput(_inputs[index], image);

    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged => _engine.GetOutput(_outputs[index], values);

    public void Run()
    {
        foreach (var state in _states) _engine.SetInputBytes(state.Input, Bytes(state));
        _engine.Run();
        foreach (var state in _states) _engine.GetOutputBytes(state.Output, Bytes(state));
    }

    public void ResetStates() => NativeMemory.Clear(_memory, _bytes);

    public IEngine Fork(int? threads = null) => new StatefulEngine(_engine.Fork(threads), _states);

    public void Dispose()
    {
        if (_memory == null) return;
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _engine.Dispose();
    }

    private Span<byte> Bytes(in StateBinding state) => new(_memory + state.Offset, state.Bytes);
}
