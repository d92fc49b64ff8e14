namespace ResNetEdge.Service.Model;

/// <summary>
/// Tells that a file or package has changed, once it has been the same at two looks: somebody may still be writing it. For the frame thread.
/// </summary>
/// <param name="known">Of what is in use.</param>
internal sealed class SettledChange(PackageStamp known)
{
    private PackageStamp? _seen; // a change that was seen once

    /// <summary>Of what was taken or refused last: the same is not looked at again.</summary>
    public PackageStamp Known { get; set; } = known;

    /// <summary>Takes a look.</summary>
    /// <returns>Whether there is a change that was there at the look before too.</returns>
    public bool IsAt(PackageStamp now)
    {
        bool isNew = now != Known && now.Length >= 0;
        if (isNew && now == _seen) return true;
        _seen = isNew ? now : null;
        return false;
    }

    /// <summary>The change is dealt with from now on, whatever comes of it.</summary>
    public void Take(PackageStamp now) => (Known, _seen) = (now, null);
}
