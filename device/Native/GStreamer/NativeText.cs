using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>Text as C reads it: UTF-8 and a zero, until it is disposed. Not for the path of a frame.</summary>
internal readonly unsafe ref struct NativeText(string text)
{
    private readonly nint _memory = Marshal.StringToCoTaskMemUTF8(text);

    /// <summary>First byte.</summary>
    public byte* Pointer => (byte*)_memory;

    /// <summary>Text of C's as a string; empty for null.</summary>
    public static string Read(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>Overwrites the text, which may be a password, and frees it.</summary>
    public void Dispose() => Marshal.ZeroFreeCoTaskMemUTF8(_memory);
}
