namespace ResNetEdge.Service.Outputs;

/// <summary>Where lines are written to. For one thread.</summary>
internal interface ILineFile : IDisposable
{
    /// <summary>Writes whole lines, all or none.</summary>
    /// <exception cref="IOException">The disk is full, the reader is gone, or worse; nothing of it
    /// was written as far as that can be undone.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    void Write(ReadOnlySpan<byte> lines);
}
