namespace ResNetEdge.Tests.Fakes.Cuda;

/// <summary>Work that waits to be done, or is recorded.</summary>
internal sealed class FakeStream
{
    public Queue<Action> Work { get; } = new();

    /// <summary>What a graph will do; null outside a recording.</summary>
    public List<Action>? Recording { get; set; }
}
