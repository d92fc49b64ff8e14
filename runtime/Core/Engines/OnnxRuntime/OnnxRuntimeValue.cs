using System.Runtime.InteropServices;
using ResNetEdge.Model;

namespace ResNetEdge.Engines.OnnxRuntime;

/// <summary>
/// One input or output of an <see cref="OnnxRuntimeEngine"/>: native memory, the library's value over it, and its name as the library reads it.
/// </summary>
internal sealed unsafe class OnnxRuntimeValue : IDisposable
{
    private const nuint Alignment = 64;
    private readonly OnnxRuntimeApi _api;

    /// <summary>Allocates zeroed memory for a value of that type and shape.</summary>
    public OnnxRuntimeValue(OnnxRuntimeApi api, TensorInfo info, string what)
    {
        (_api, Info) = (api, info);
        Bytes = (long)info.Shape.ElementCount * info.Type.Size();
        nuint allocated = (nuint)Math.Max(Bytes, 1);
        Data = (byte*)NativeMemory.AlignedAlloc(allocated, Alignment);
        NativeMemory.Clear(Data, allocated);
        Name = (byte*)Marshal.StringToCoTaskMemUTF8(info.Name);
        try
        {
            Handle = api.CreateTensor(Data, (nuint)Bytes, [.. info.Shape.Dimensions.ToArray().Select(d => (long)d)], info.Type, what);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Name, type and shape.</summary>
    public TensorInfo Info { get; }

    /// <summary>Row-major elements.</summary>
    public byte* Data { get; private set; }

    /// <summary>Bytes at <see cref="Data"/>.</summary>
    public long Bytes { get; }

    /// <summary>Zero-terminated UTF-8.</summary>
    public byte* Name { get; private set; }

    /// <summary>The library's <c>OrtValue</c> over <see cref="Data"/>.</summary>
    public void* Handle { get; private set; }

    /// <summary>The elements' bytes, for values of a type.</summary>
    /// <exception cref="ArgumentException">That type does not stand for the value's, or <paramref name="count"/> is not its number.</exception>
    public Span<byte> Content(ElementType type, int count)
    {
        if (!type.StandsFor(Info.Type)) throw new ArgumentException($"'{Info.Name}' is {Info.Type}, not {type}");
        if (count != Info.Shape.ElementCount)
            throw new ArgumentException($"'{Info.Name}' of shape {Info.Shape} has {Info.Shape.ElementCount} elements, not {count}");
        return new Span<byte>(Data, (int)Bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Handle != null) _api.ReleaseValue(Handle);
        Marshal.FreeCoTaskMem((nint)Name);
        NativeMemory.AlignedFree(Data);
        Handle = null;
        Name = null;
        Data = null;
    }
}
