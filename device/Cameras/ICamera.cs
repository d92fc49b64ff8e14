namespace ResNetEdge.Device.Cameras;

/// <summary>
/// Where frames come from: a V4L2 device, a file, a folder, a stream. Opened, it gives frames until it ends or fails; a failed one is
/// disposed and opened again. For one thread.
/// </summary>
internal interface ICamera : IDisposable
{
    /// <summary>What was negotiated, for logs: device, driver's name, format, size, rate.</summary>
    CameraMode Mode { get; }

    /// <summary>Frames that were ready and thrown away because a newer one was there, or that the driver lost, since opening.</summary>
    long Dropped { get; }

    /// <summary>Frames that the driver flagged as damaged, or that were not whole, since opening; they are never given out.</summary>
    long Damaged { get; }

    /// <summary>The last thing that the camera complained about while it went on; null: nothing. A sentence that may be shown.</summary>
    string? Warning => null;

    /// <summary>Waits for the newest frame; older ones that wait are dropped and counted, unless the source is a file, which waits for us.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <param name="frame">To be given back by <see cref="Release"/> before the next call.</param>
    /// <exception cref="CameraException">The camera failed or is gone: dispose it and open it again later.</exception>
    CameraSignal Wait(TimeSpan timeout, out Frame frame);

    /// <summary>Gives a frame's memory back.</summary>
    void Release(in Frame frame);
}

/// <summary>How a wait ended.</summary>
internal enum CameraSignal
{
    /// <summary>There is a frame.</summary>
    Frame,

    /// <summary>Nothing came in time, and the driver reports no error.</summary>
    Silence,

    /// <summary>The last frame was given out; files and folders only.</summary>
    Ended,
}

/// <summary>A camera that failed while open, or cannot be opened now: worth trying again. One sentence: what, where, the system's words.</summary>
internal sealed class CameraException(string message, Exception? inner = null) : Exception(message, inner);
