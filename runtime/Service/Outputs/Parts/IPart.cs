namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A part on the board's header, by its bus or its channel. For one thread; each call may fail with an <see cref="IOException"/>.</summary>
internal interface IPart : IDisposable
{
    /// <summary>Brings the part to what it is to show.</summary>
    /// <returns>When to be called again though nothing changed; null: not at all.</returns>
    TimeSpan? Show(in PartView view);

    /// <summary>Leaves the part in its safe state; the last call but <see cref="IDisposable.Dispose"/>.</summary>
    void Leave();
}
