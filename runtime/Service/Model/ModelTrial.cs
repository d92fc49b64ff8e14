namespace ResNetEdge.Service.Model;

/// <summary>The trial of a model that has just begun to run: it counts as good after some frames, of all cameras
/// together.</summary>
/// <param name="before">The model that ran before, loaded, to go back to when the new one fails on a frame; null at the start of the service.</param>
internal sealed class ModelTrial(ReadyModel? before) : IDisposable
{
    /// <summary>Frames that a model must run to be found good.</summary>
    public const int Frames = 30;

    private int _framesLeft = Frames;

    /// <summary>The model that ran before; null when there is none to go back to.</summary>
    public ReadyModel? Before => before;

    /// <summary>Counts a frame that the model ran; from any thread.</summary>
    /// <returns>Whether that was the last one of the trial.</returns>
    public bool CountFrame() => Interlocked.Decrement(ref _framesLeft) == 0;

    /// <summary>Closes the model that ran before: there is no way back any more.</summary>
    public void Dispose() => before?.Dispose();
}
