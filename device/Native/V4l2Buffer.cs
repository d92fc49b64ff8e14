using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <summary>struct v4l2_buffer, 88 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 88)]
internal struct V4l2Buffer
{
    [FieldOffset(0)]
    public uint Index;

    [FieldOffset(4)]
    public uint Type;

    [FieldOffset(8)]
    public uint BytesUsed;

    [FieldOffset(12)]
    public uint Flags;

    [FieldOffset(24)]
    public long Seconds;

    [FieldOffset(32)]
    public long Microseconds;

    [FieldOffset(56)]
    public uint Sequence;

    [FieldOffset(60)]
    public uint Memory;

    /// <summary>What mmap takes as offset.</summary>
    [FieldOffset(64)]
    public uint Offset;

    [FieldOffset(72)]
    public uint Length;
}

/// <summary>struct v4l2_requestbuffers, 20 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 20)]
internal struct V4l2BufferRequest
{
    [FieldOffset(0)]
    public uint Count;

    [FieldOffset(4)]
    public uint Type;

    [FieldOffset(8)]
    public uint Memory;
}
