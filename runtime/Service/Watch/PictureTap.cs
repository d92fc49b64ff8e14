using ResNetEdge.Device.Cameras;
using ResNetEdge.Pixels.Frames;

namespace ResNetEdge.Service.Watch;

/// <summary>
/// Hands frames to whoever watches. Costs the frame thread nothing while nobody does, and one copy of a frame when somebody asks; the
/// JPEG is made on the asker's thread.
/// </summary>
internal sealed class PictureTap : IDisposable
{
    private const int LongestSide = 640; // enough for a page; less to send
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly FrameSnapshot _snapshot = new();
    private readonly Lock _copying = new(); // around the snapshot's memory
    private readonly Lock _asking = new();
    private TaskCompletionSource? _asked;

    /// <summary>Somebody waits for a frame.</summary>
    public bool IsWanted => Volatile.Read(ref _asked) is not null;

    /// <summary>
    /// Copies a frame for those who wait; on the frame thread, which does not wait for a picture that is being made of the one before.
    /// </summary>
    public void Copy(in Frame frame)
    {
        if (!_copying.TryEnter()) return;
        try
        {
            _snapshot.Take(frame);
        }
        finally
        {
            _copying.Exit();
        }

        TaskCompletionSource? asked;
        lock (_asking) (asked, _asked) = (_asked, null);
        asked?.SetResult();
    }

    /// <summary>The next frame as JPEG, or why there is none.</summary>
    public async Task<(byte[]? Jpeg, string? WhyNot)> PictureAsync(CancellationToken ct)
    {
        Task copied;
        lock (_asking) copied = (_asked ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        try
        {
            await copied.WaitAsync(Patience, ct).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return (null, "no frame came in time");
        }

        lock (_copying) return (_snapshot.ToJpeg(LongestSide, out string? whyNot), whyNot);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_asking) _asked?.TrySetCanceled();
        lock (_copying) _snapshot.Dispose();
    }
}
