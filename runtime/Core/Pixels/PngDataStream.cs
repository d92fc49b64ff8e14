using System.Buffers.Binary;

namespace ResNetEdge.Pixels;

/// <summary>The data of consecutive IDAT chunks as one stream. The chunks' lengths and checksums were checked by <see cref="PngChunks"/>.</summary>
/// <param name="firstChunk">The first IDAT chunk's length field; the memory outlives the stream.</param>
/// <param name="chunks">How many.</param>
internal sealed unsafe class PngDataStream(byte* firstChunk, int chunks) : Stream
{
    private byte* _chunk = firstChunk;
    private int _chunks = chunks;
    private int _used; // bytes taken from the current chunk

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (_chunks > 0)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(new ReadOnlySpan<byte>(_chunk, 4));
            if (_used < length)
            {
                int count = Math.Min(buffer.Length, length - _used);
                new ReadOnlySpan<byte>(_chunk + 8 + _used, count).CopyTo(buffer);
                _used += count;
                return count;
            }

            _chunk += length + 12;
            _chunks--;
            _used = 0;
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
