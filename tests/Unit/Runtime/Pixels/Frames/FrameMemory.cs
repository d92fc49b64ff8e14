using System.Runtime.InteropServices;
using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Tests.Unit.Runtime.Pixels.Frames;

/// <summary>A frame of noise that ends where readable memory ends, so that a read over its end ends the test.</summary>
internal sealed unsafe class FrameMemory : IDisposable
{
    private const int ProtNone = 0, ProtReadWrite = 3, PrivateAnonymous = 0x22;

    private readonly nint _mapping;
    private readonly nuint _mapped;

    /// <param name="format">An uncompressed format.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="stridePadding">Bytes that the stride has over the least.</param>
    /// <param name="random">Of the bytes.</param>
    /// <param name="color">Of the Y, U, V.</param>
    public FrameMemory(FourCc format, int width, int height, int stridePadding, Random random, YuvColor color = default)
    {
        var layout = FrameLayouts.Of(format)!;
        int stride = layout.LeastStride(width) + stridePadding;
        int length = (int)layout.LeastBytes(width, stride, height);
        int page = Environment.SystemPageSize, pages = (length + page - 1) / page;
        _mapped = (nuint)((pages + 1) * page);
        _mapping = ResNetEdge.Device.Native.Libc.Mmap(0, _mapped, ProtReadWrite, PrivateAnonymous, -1, 0);
        Assert.True(_mapping > 0);
        Assert.Equal(0, Protect(_mapping + (pages * page), (nuint)page, ProtNone));
        byte* data = (byte*)_mapping + (pages * page) - length;
        random.NextBytes(new Span<byte>(data, length));
        Frame = new Frame
        {
            Data = data,
            Length = length,
            Format = format,
            Width = width,
            Height = height,
            Stride = stride,
            Color = color,
            Sequence = 7,
            Time = default,
            Name = "noise",
        };
    }

    public Frame Frame { get; }

    public void Dispose() => Assert.Equal(0, ResNetEdge.Device.Native.Libc.Munmap(_mapping, _mapped));

    [DllImport("libc", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Protect(nint address, nuint length, int protection);
}
