namespace ResNetEdge.Device.Cameras;

/// <summary>
/// Kinds of camera; the first that knows a device's name opens it. There are two tables, so that a program which reads no camera of the
/// network doesn't link HTTP and TLS: <see cref="LocalCameras"/>, and <see cref="NetworkCameras"/> with these and more.
/// </summary>
/// <param name="entries">In order of asking.</param>
internal sealed class CameraTable(params IReadOnlyList<CameraTable.Entry> entries)
{
    /// <summary>One kind.</summary>
    /// <param name="Kind">For people.</param>
    /// <param name="Knows">Whether a device's name is of this kind; looks at the name and the file's kind alone.</param>
    /// <param name="Open">Opens it.</param>
    internal sealed record Entry(string Kind, Func<string, bool> Knows, Func<CameraRequest, ICamera> Open);

    /// <summary>In order of asking.</summary>
    public IReadOnlyList<Entry> Entries => entries;

    /// <summary>Opens whatever the request names.</summary>
    /// <exception cref="EdgeException">Exit 3: the name is of no kind, or a setting can never be met. Exit 5: no permission, or a library is missing.</exception>
    /// <exception cref="CameraException">Not now: not there, busy, failing.</exception>
    public ICamera Open(CameraRequest request)
    {
        var entry = entries.FirstOrDefault(e => e.Knows(request.Device.Whole))
            ?? throw EdgeException.BadInput($"'{request.Device}' is not a kind of camera that this program knows; it knows: {string.Join(", ", entries.Select(e => e.Kind))}");
        return entry.Open(request);
    }
}
