using ResNetEdge.Device.Cameras;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Cameras;

/// <summary>
/// Tells a picture that stands still: frames that are equal bit for bit. A sensor's noise makes every frame another one; a camera whose
/// picture hangs, or a server that goes on sending the last one, repeats it.
/// </summary>
/// <param name="limit">Equal for so long is frozen; null: nothing is looked at, for scenes that are dark or drawn.</param>
internal sealed class FrozenPicture(TimeSpan? limit)
{
    private (int Length, uint Checksum)? _last;
    private TimeSpan _since;

    /// <summary>Takes a frame in.</summary>
    /// <param name="frame">Its bytes are read once.</param>
    /// <param name="now">On the monotonic clock.</param>
    /// <returns>Whether the picture has been the same for too long.</returns>
    public unsafe bool IsFrozen(in Frame frame, TimeSpan now)
    {
        if (limit is null) return false;
        var checksum = new Crc32C();
        checksum.Append(new ReadOnlySpan<byte>(frame.Data, frame.Length));
        if ((frame.Length, checksum.Value) != _last) (_last, _since) = ((frame.Length, checksum.Value), now);
        return now - _since >= limit;
    }
}
