namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>
/// A block's shared memory: its bytes, and who touched them since which barrier, so that a missing barrier or wait is an error and no accident.
/// </summary>
internal sealed class SharedMemory(int size)
{
    private const short Nobody = -1, Many = -2;
    private readonly byte[] _bytes = new byte[size];
    private readonly short[] _writer = Filled(size), _reader = Filled(size);
    private readonly int[] _writeEpoch = new int[size], _readEpoch = new int[size];
    private readonly bool[] _isPending = new bool[size], _isWritten = new bool[size];

    /// <summary>Barriers that the block has passed, from 1.</summary>
    public int Epoch { get; set; } = 1;

    public ReadOnlySpan<byte> Read(ulong address, int count, int thread)
    {
        int at = Check(address, count);
        for (int i = at; i < at + count; i++)
        {
            if (_isPending[i]) throw Fault(i, $"thread {thread} reads while a cp.async into it is not waited for");
            if (!_isWritten[i]) throw Fault(i, $"thread {thread} reads before anything wrote it");
            if (_writeEpoch[i] == Epoch && _writer[i] != thread)
                throw Fault(i, $"thread {thread} reads what thread {_writer[i]} wrote without a barrier between");
            _reader[i] = _readEpoch[i] == Epoch && _reader[i] != thread ? Many : (short)thread;
            _readEpoch[i] = Epoch;
        }

        return _bytes.AsSpan(at, count);
    }

    public Span<byte> Write(ulong address, int count, int thread)
    {
        int at = Claim(address, count, thread);
        Mark(at, count, thread);
        return _bytes.AsSpan(at, count);
    }

    /// <summary>An asynchronous copy starts: until it lands nobody may touch these bytes.</summary>
    public void Start(ulong address, int count, int thread) => _isPending.AsSpan(Claim(address, count, thread), count).Fill(true);

    /// <summary>An asynchronous copy has been waited for by its thread.</summary>
    public void Land(ulong address, ReadOnlySpan<byte> from, int thread)
    {
        int at = (int)address;
        _isPending.AsSpan(at, from.Length).Clear();
        Mark(at, from.Length, thread);
        from.CopyTo(_bytes.AsSpan(at));
    }

    private static short[] Filled(int size)
    {
        var a = new short[size];
        Array.Fill(a, Nobody);
        return a;
    }

    private static DeviceFault Fault(int at, string what) => new($"shared byte {at}: {what}");

    private void Mark(int at, int count, int thread)
    {
        _writer.AsSpan(at, count).Fill((short)thread);
        _writeEpoch.AsSpan(at, count).Fill(Epoch);
        _isWritten.AsSpan(at, count).Fill(true);
    }

    private int Claim(ulong address, int count, int thread)
    {
        int at = Check(address, count);
        for (int i = at; i < at + count; i++)
        {
            if (_isPending[i]) throw Fault(i, $"thread {thread} writes while a cp.async into it is in flight");
            if (_writeEpoch[i] == Epoch && _writer[i] != thread)
                throw Fault(i, $"threads {_writer[i]} and {thread} write without a barrier between");
            if (_readEpoch[i] == Epoch && _reader[i] != thread)
                throw Fault(i, $"thread {thread} writes what thread {(_reader[i] == Many ? "another" : _reader[i])} reads without a barrier between");
        }

        return at;
    }

    private int Check(ulong address, int count) => address + (ulong)count <= (ulong)_bytes.Length && address % (ulong)count == 0
        ? (int)address
        : throw new DeviceFault($"shared address {address} ({count} bytes) of {_bytes.Length} is outside or not aligned");
}
