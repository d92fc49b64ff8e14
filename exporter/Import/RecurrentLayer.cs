using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import;

/// <summary>One direction of a recurrent layer, its gates in ONNX's order (LSTM: i o f c; GRU: z r h) and its weights as ONNX has them.</summary>
/// <param name="OpType">LSTM, GRU or RNN.</param>
/// <param name="Weights">[gates · units][inputs].</param>
/// <param name="Recurrent">[gates · units][units].</param>
/// <param name="Bias">[2 · gates · units]: of the inputs, then of the state; null for none.</param>
/// <param name="Activations">ONNX's names, one for each of the operator's functions.</param>
internal sealed record RecurrentLayer(string OpType, Tensor Weights, Tensor Recurrent, Tensor? Bias, IReadOnlyList<string> Activations)
{
    /// <summary>[3 · units], i o f, for an LSTM whose gates see the cell; null for none.</summary>
    public Tensor? Peepholes { get; init; }

    /// <summary>Whether time runs from the last step to the first; the sequence that comes out is in the order of the one that goes in.</summary>
    public bool IsReverse { get; init; }

    /// <summary>Slope of the activations that have one, in their order; empty where each is ONNX's own.</summary>
    public IReadOnlyList<float> Slopes { get; init; } = [];

    /// <summary>Whether a GRU resets what comes of the state after its product, not the state before it.</summary>
    public bool ResetsAfter { get; init; }

    /// <summary>Whether it goes on from the state of the run before, which is then an input and an output of the network.</summary>
    public bool KeepsState { get; init; }

    /// <summary>Size of the state.</summary>
    public int Units => Recurrent.Shape[1];

    /// <summary>Puts blocks of rows, one for each gate, into another order.</summary>
    /// <param name="gates">[gates · units] or [gates · units][n].</param>
    /// <param name="order">Block i of the result is block order[i].</param>
    public static Tensor Reorder(Tensor gates, params ReadOnlySpan<int> order)
    {
        var values = gates.As<float>();
        float[] result = new float[values.Length];
        int block = values.Length / order.Length;
        for (int i = 0; i < order.Length; i++) values.Slice(order[i] * block, block).CopyTo(result.AsSpan(i * block));
        return Tensor.From<float>(gates.Shape, result);
    }
}
