namespace ResNetEdge.Service.Pictures;

/// <summary>
/// A frame that becomes a JPEG on the thread of <see cref="PictureDesk"/>. The frame thread asks for it, the thread of an output waits for it.
/// </summary>
/// <param name="form">What it becomes.</param>
internal sealed class EventPicture(PictureForm form)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5); // a frame takes milliseconds, and few wait
    private readonly TaskCompletionSource<byte[]?> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it becomes.</summary>
    public PictureForm Form => form;

    /// <summary>It is made, or never will be.</summary>
    public bool IsDone => _made.Task.IsCompleted;

    /// <summary>Says what became of it; the first word counts.</summary>
    /// <param name="jpeg">Null: it could not be made.</param>
    public void Set(byte[]? jpeg) => _made.TrySetResult(jpeg);

    /// <summary>The JPEG; waits while it is being made. Not for the frame thread.</summary>
    /// <returns>Null: it could not be made.</returns>
    public byte[]? Wait() => _made.Task.Wait(Patience) ? _made.Task.Result : null;
}
