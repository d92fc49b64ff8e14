using ResNetEdge.Service.Watch;

namespace ResNetEdge.Web;

/// <summary>One picture of a camera for all who look: however many watch, the frame thread copies a frame at most ten times a second.</summary>
/// <param name="watched">The service.</param>
/// <param name="camera">Its place among the service's cameras, from 0.</param>
/// <param name="time">For the limits.</param>
internal sealed class SharedPicture(IWatched watched, int camera, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Lock _turn = new();
    private Task<(byte[]? Jpeg, string? WhyNot)>? _last;
    private long _lastAt;

    /// <summary>A frame as JPEG, at most a tenth of a second old or still to come; or the reason why there is none.</summary>
    public Task<(byte[]? Jpeg, string? WhyNot)> GetAsync()
    {
        lock (_turn)
        {
            if (_last is { IsCompleted: false } || (_last is { IsCompletedSuccessfully: true } && time.GetElapsedTime(_lastAt) < Fresh)) return _last;
            _lastAt = time.GetTimestamp();
            return _last = TakeAsync();
        }
    }

    // For everybody, so it does not end when the one who asked first goes away.
    private async Task<(byte[]? Jpeg, string? WhyNot)> TakeAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            return await watched.PictureAsync(camera, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return (null, $"no frame came within {Patience.TotalSeconds:F0} seconds");
        }
    }
}
