using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import;

/// <summary>A value of a network whose framework keeps channels last, and the name under which the graph has it.</summary>
/// <param name="Name">In the graph, where a value of rank 4 is N C H W.</param>
/// <param name="Shape">As the framework has it: N H W C for rank 4.</param>
internal sealed record ChannelsLastValue(string Name, Shape Shape)
{
    /// <summary>Whether it is a picture, and so lies in another order in the graph.</summary>
    public bool IsPicture => Shape.Rank == 4;

    /// <summary>Whether both orders are the same bytes: one pixel, or one channel.</summary>
    public bool IsOrderFree => !IsPicture || Shape[1] * Shape[2] == 1 || Shape[3] == 1;
}
