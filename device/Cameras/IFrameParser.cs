namespace ResNetEdge.Device.Cameras;

/// <summary>Finds frames in a stream of bytes; anything at all may come. For one thread, the reading one.</summary>
internal interface IFrameParser
{
    /// <summary>What the stream's beginning said; null until it was read.</summary>
    CameraMode? Mode { get; }

    /// <summary>Frames that were not whole.</summary>
    long Damaged { get; }

    /// <summary>Reads the stream's beginning.</summary>
    /// <exception cref="EdgeException">Exit 3: it is none that is read here.</exception>
    /// <exception cref="IOException">The stream failed.</exception>
    void Begin(StreamBytes from);

    /// <summary>Reads the next whole frame.</summary>
    /// <param name="from">The stream.</param>
    /// <param name="into">Receives it; number and time are the caller's.</param>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="CameraException">What comes is not a frame, and no next one can be found.</exception>
    /// <exception cref="IOException">The stream failed.</exception>
    bool Read(StreamBytes from, StreamFrame into);
}
