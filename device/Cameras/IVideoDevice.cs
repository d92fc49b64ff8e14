namespace ResNetEdge.Device.Cameras;

/// <summary>The system calls on an open video device: the seam below which tests put a driver of their own.</summary>
internal unsafe interface IVideoDevice : IDisposable
{
    /// <summary>ioctl(2), begun again when a signal interrupts it.</summary>
    /// <param name="request">One of <see cref="Native.V4l2"/>.</param>
    /// <param name="argument">The request's struct.</param>
    /// <returns>0, or the error number.</returns>
    int Ioctl(uint request, void* argument);

    /// <summary>poll(2) for a frame.</summary>
    /// <param name="timeout">At most; a signal may end it early, as if the time were over.</param>
    /// <param name="events">What happened; 0 when the time is over.</param>
    /// <returns>0, or the error number.</returns>
    int Poll(TimeSpan timeout, out short events);

    /// <summary>mmap(2) of a buffer, readable.</summary>
    /// <returns>Null on failure.</returns>
    byte* Map(uint length, uint offset, out int error);

    /// <summary>munmap(2).</summary>
    void Unmap(byte* address, uint length);
}
