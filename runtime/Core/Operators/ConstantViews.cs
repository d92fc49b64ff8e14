using System.Buffers;
using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>What is known of a node's inputs before it runs, as views: of constants the values too, of all others only type and shape.</summary>
internal sealed unsafe class ConstantViews : IDisposable
{
    private readonly MemoryHandle[] _pins;
    private readonly TensorView[] _views;
    private readonly MemoryHandle _unread = new byte[1].AsMemory().Pin();

    public ConstantViews(ReadOnlySpan<InputType?> inputs)
    {
        _pins = new MemoryHandle[inputs.Length];
        _views = new TensorView[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } input) continue;
            if (input.Constant is not null) _pins[i] = input.Constant.Bytes.Pin();
            _views[i] = new(input.Type, input.Shape, _pins[i].Pointer == null ? _unread.Pointer : _pins[i].Pointer);
        }
    }

    /// <summary>A view for each input; absent where it is left out.</summary>
    public ReadOnlySpan<TensorView> Views => _views;

    public void Dispose()
    {
        foreach (var pin in _pins) pin.Dispose();
        _unread.Dispose();
    }
}
