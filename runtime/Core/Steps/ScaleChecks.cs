namespace ResNetEdge.Steps;

/// <summary>What a scale must be.</summary>
internal static class ScaleChecks
{
    /// <exception cref="EdgeException">Exit 3: not finite and positive.</exception>
    public static void Check(float scale)
    {
        if (!float.IsFinite(scale) || scale <= 0)
            throw EdgeException.BadInput($"a quantisation scale is {scale}; it must be finite and positive");
    }
}
