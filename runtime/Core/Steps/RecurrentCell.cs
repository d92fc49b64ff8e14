namespace ResNetEdge.Steps;

/// <summary>What happens in one time step of a recurrent layer; the number of its gates.</summary>
internal enum RecurrentCell
{
    /// <summary>ONNX's RNN.</summary>
    Rnn = 1,

    /// <summary>Update, reset, candidate.</summary>
    Gru = 3,

    /// <summary>Input, output, forget, candidate.</summary>
    Lstm = 4,
}
