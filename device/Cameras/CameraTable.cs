namespace ResNetEdge.Device.Cameras;

/// <summary>
/// Kinds of camera; the first that knows a device's name opens it. There are two tables, so that a program which reads no camera of the
/// network doesn't link HTTP and TLS: <see cref="LocalCameras"/>, and <see cref="NetworkCameras"/> with these and more.
/// </summary>
/// <param name="entries">In order of asking.</param>
internal sealed class CameraTable(params IReadOnlyList<CameraTable.Entry> entries)
{
    /// <summary>One kind of camera, recognised by the device's name.</summary>
    /// <param name="Kind">For people.</param>
    /// <param name="Knows">Whether a device's name is of this kind; looks at the name and the file's kind alone.</param>
    /// <param name="Check">Looks whether it can be opened, as far as that can be seen from outside; throws as <paramref name="Open"/>.</param>
    /// <param name="Open">Opens it.</param>
    internal sealed record Entry(string Kind, Func<string, bool> Knows, Action<CameraRequest> Check, Func<CameraRequest, ICamera> Open);

    /// <summary>In order of asking.</summary>
    public IReadOnlyList<Entry> Entries => entries;

    /// <summary>Opens whatever the request names.</summary>
    /// <exception cref="EdgeException">Exit 3: the name is of no kind, or a setting can never be
    /// met. Exit 5: no permission, or a library is missing.</exception>
    /// <exception cref="CameraException">Not now: not there, busy, failing.</exception>
    public ICamera Open(CameraRequest request) => Find(request).Open(request);

    /// <summary>
    /// Looks whether what a request names can be opened, without opening it: one camera may be open already where another is to be put in its place.
    /// </summary>
    /// <exception cref="EdgeException">As for <see cref="Open"/>, as far as can be seen.</exception>
    /// <exception cref="CameraException">Not there now.</exception>
    public void Check(CameraRequest request) => Find(request).Check(request);

    private Entry Find(CameraRequest request)
    {
        if (entries.FirstOrDefault(e => e.Knows(request.Device.Whole)) is { } entry) return entry;
        bool namesKind = request.Device.Whole.Contains(':', StringComparison.Ordinal);
        throw EdgeException.BadInput(
            $"'{request.Device}' {(namesKind ? "is not a supported kind of camera" : "is not a camera: no such file or folder")}; "
                + $"supported cameras: {string.Join(", ", entries.Select(e => e.Kind))}");
    }
}
