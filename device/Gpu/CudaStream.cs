namespace ResNetEdge.Device.Gpu;

/// <summary>A queue of copies and kernels, run in order; or recorded once as a graph, and then started as a whole.</summary>
internal sealed unsafe class CudaStream : IDisposable
{
    private const int NonBlocking = 1; // CU_STREAM_NON_BLOCKING
    private const int ThreadLocal = 1; // CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: other sessions may load meanwhile
    private readonly CudaCalls _calls;
    private readonly string _device;
    private nint _stream, _graph;

    /// <param name="calls">The driver.</param>
    /// <param name="device">The GPU's name, for messages.</param>
    /// <exception cref="EdgeException">Unavailable: the driver refuses.</exception>
    public CudaStream(CudaCalls calls, string device)
    {
        (_calls, _device) = (calls, device);
        nint stream;
        calls.Check(calls.StreamCreate(&stream, NonBlocking), $"the GPU '{device}' gives no stream");
        _stream = stream;
    }

    /// <summary>Copies to the device; the source must stay until <see cref="Synchronize"/>.</summary>
    public void ToDevice(ulong to, byte* from, long bytes) =>
        _calls.Check(_calls.MemcpyHtoDAsync(to, from, (nuint)bytes, _stream), $"{bytes} bytes cannot be copied to the GPU '{_device}'");

    /// <summary>Copies to pinned memory.</summary>
    public void ToHost(byte* to, ulong from, long bytes) =>
        _calls.Check(_calls.MemcpyDtoHAsync(to, from, (nuint)bytes, _stream), $"{bytes} bytes cannot be copied from the GPU '{_device}'");

    /// <summary>Runs a kernel on blocks of so many threads.</summary>
    /// <param name="function">The kernel.</param>
    /// <param name="blocks">Columns and rows of blocks.</param>
    /// <param name="threads">Of a block.</param>
    /// <param name="parameters">Addresses of the parameters, which are copied now.</param>
    public void Launch(nint function, (uint X, uint Y) blocks, uint threads, ReadOnlySpan<nint> parameters)
    {
        fixed (nint* p = parameters)
        {
            int result = _calls.LaunchKernel(function, blocks.X, blocks.Y, 1, threads, 1, 1, 0, _stream, (void**)p, null);
            _calls.Check(result, $"the GPU '{_device}' takes no kernel");
        }
    }

    /// <summary>Records what is queued in between as the graph that <see cref="RunGraph"/> starts; once.</summary>
    /// <exception cref="EdgeException">Unavailable: the driver refuses.</exception>
    public void Record(Action queue)
    {
        _calls.Check(_calls.StreamBeginCapture(_stream, ThreadLocal), "the driver records no graph");
        nint graph = 0, made = 0;
        int result;
        try
        {
            queue();
        }
        finally
        {
            result = _calls.StreamEndCapture(_stream, &graph); // also when the queue failed, whose own error goes on
            if (result == 0 && graph != 0)
            {
                result = _calls.GraphInstantiate(&made, graph, 0);
                _ = _calls.GraphDestroy(graph);
            }

            _graph = made;
        }

        _calls.Check(result, "the driver makes no graph");
    }

    /// <summary>Runs the recorded graph and waits for its end.</summary>
    /// <exception cref="EdgeException">Unavailable: the device failed.</exception>
    public void RunGraph()
    {
        int result = _calls.GraphLaunch(_graph, _stream);
        if (result == 0) result = _calls.StreamSynchronize(_stream);
        if (result != 0) Fail(result);
    }

    /// <summary>Waits for all that is queued.</summary>
    /// <exception cref="EdgeException">Unavailable: the device failed.</exception>
    public void Synchronize()
    {
        int result = _calls.StreamSynchronize(_stream);
        if (result != 0) Fail(result);
    }

    public void Dispose()
    {
        if (_graph != 0) _ = _calls.GraphExecDestroy(_graph);
        if (_stream != 0) _ = _calls.StreamDestroy(_stream);
        (_graph, _stream) = (0, 0);
    }

    private void Fail(int result) => _calls.Check(result, $"the GPU '{_device}' failed while it ran the network");
}
