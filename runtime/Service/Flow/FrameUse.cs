namespace ResNetEdge.Service.Flow;

/// <summary>What became of a frame.</summary>
internal enum FrameUse
{
    /// <summary>It was run, and the rules know what it showed.</summary>
    Answered,

    /// <summary>The scheduler left it out.</summary>
    LeftOut,

    /// <summary>It could not be used: damaged, too old, or the picture before once more.</summary>
    Unusable,
}
