using System.Buffers;
using System.Runtime.InteropServices;

namespace ResNetEdge.Model;

/// <summary>Bytes seen as elements, without copying.</summary>
internal sealed class CastMemory<T>(ReadOnlyMemory<byte> bytes) : MemoryManager<T> where T : unmanaged
{
    public override Span<T> GetSpan()
    {
        var elements = MemoryMarshal.Cast<byte, T>(bytes.Span);
        // Given out as ReadOnlyMemory only.
        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(elements), elements.Length);
    }

    public override unsafe MemoryHandle Pin(int elementIndex = 0) => bytes[(elementIndex * sizeof(T))..].Pin();

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
