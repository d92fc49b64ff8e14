namespace ResNetEdge.Plans.Fusions;

/// <summary>The fusions in the order in which they are tried for each node; the last one takes every operator there is.</summary>
internal static class FusionList
{
    /// <summary>Every fusion.</summary>
    public static readonly Fusion[] All =
    [
        new EmptyValues(),
        new QuantizationViews(),
        new SliceView(),
        new ChannelMoves(),
        new ReshapeView(),
        new TransposeView(),
        new FunctionTable(),
        new GatedActivation(),
        new AttentionStep(),
        new ConvAddActivation(),
        new ConvTransposeStep(),
        new BatchedMatMul(),
        new SliceShortcut(),
        new ConcatSlices(),
        new ConcatCopies(),
        new PoolStep(),
        new ResizeStep(),
        new AddActivation(),
        new BinaryQuantized(),
        new BinaryBroadcast(),
        new UnaryActivation(),
        new SoftmaxStep(),
        new NormalizeStep(),
        new RecurrentSteps(),
        new ExpandCopy(),
        new ReferenceStep(),
    ];
}
