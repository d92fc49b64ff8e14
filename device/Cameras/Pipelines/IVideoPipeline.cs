namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>A pipeline whose frames end in a queue of the newest: the seam below which tests put a pipeline of their own. For one thread.</summary>
internal interface IVideoPipeline : IDisposable
{
    /// <summary>Starts, or begins to: a source of the network goes on by itself.</summary>
    /// <returns>False when an element refused; <see cref="TryTakeMessage"/> says why.</returns>
    bool Start();

    /// <summary>Waits for a frame. Allocates nothing.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <param name="sample">To be given back by <see cref="Return"/>.</param>
    /// <returns>False when none came, or the stream has ended.</returns>
    bool TryPull(TimeSpan timeout, out PipelineSample sample);

    /// <summary>Gives a frame's memory back.</summary>
    void Return(in PipelineSample sample);

    /// <summary>What frames are from a sample on whose <see cref="PipelineSample.Caps"/> is another than the last one's.</summary>
    PipelineCaps ReadCaps(nint caps);

    /// <summary>Takes the next end, error or warning.</summary>
    /// <returns>False: there is none.</returns>
    bool TryTakeMessage(out PipelineMessage message);

    /// <summary>Frames that reached the end of the pipeline since the start, given or not.</summary>
    long Arrived { get; }

    /// <summary>The element that decodes; null: none, or not yet known.</summary>
    string? Decoder { get; }

    /// <summary>Begins a file again.</summary>
    bool Rewind();
}
