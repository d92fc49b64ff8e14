namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>Where the inputs of a panel of 16 output channels lie, for the kernels that go along rows.</summary>
internal enum RowConvKind
{
    /// <summary>One input channel for each output channel.</summary>
    Depthwise,

    /// <summary>Groups of fewer than 16 channels: the panel's own 16 input channels, brought into each lane by a permutation.</summary>
    Permuted,

    /// <summary>All input channels for every output channel of the panel: each is read into all lanes.</summary>
    Broadcast,
}
