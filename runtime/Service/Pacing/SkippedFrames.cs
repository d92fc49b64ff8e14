namespace ResNetEdge.Service.Pacing;

/// <summary>
/// Which frames of a camera the operating point leaves out: of so many, one is run, the first first. Each camera counts its own, so that none is left
/// out more than another. For the camera's frame thread.
/// </summary>
internal sealed class SkippedFrames
{
    private OperatingPoint _point = OperatingPoint.Full;
    private long _frames; // at this point

    /// <summary>Counts a frame that the camera gave.</summary>
    /// <param name="now">The scheduler's point.</param>
    /// <returns>Whether the divisor leaves it out.</returns>
    public bool LeavesOut(OperatingPoint now)
    {
        if (now != _point) (_point, _frames) = (now, 0);
        return _frames++ % now.Divisor != 0;
    }
}
