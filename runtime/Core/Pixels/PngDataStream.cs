using System.Buffers.Binary;
using ResNetEdge.Device;

namespace ResNetEdge.Pixels;

/// <summary>The data of consecutive IDAT chunks as one stream. The chunks' lengths and checksums were checked by <see cref="PngChunks"/>.</summary>
/// <param name="firstChunk">The first IDAT chunk's length field; the memory outlives the stream.</param>
/// <param name="chunks">How many.</param>
internal sealed unsafe class PngDataStream(byte* firstChunk, int chunks) : ForwardStream
{
    private byte* _chunk = firstChunk;
    private int _chunks = chunks;
    private int _used; // bytes taken from the current chunk

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

}
