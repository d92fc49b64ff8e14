using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <summary>
/// libjpeg-turbo's TurboJPEG API, version 2 calls, which libturbojpeg.so.0 of 2.x and 3.x both export. Loaded when the first JPEG comes,
/// so that a machine without the library does everything else.
/// </summary>
/// <remarks>Source: the API's documentation, https://libjpeg-turbo.org/Documentation/Documentation (turbojpeg.h).</remarks>
internal sealed unsafe class TurboJpeg
{
    /// <summary>Name on the loader's path.</summary>
    public const string LibraryName = "libturbojpeg.so.0";

    /// <summary>Debian's package that brings the library.</summary>
    public const string PackageName = "libturbojpeg0";

    private const int NamelessSubsampling = -1;

    private static readonly Lazy<TurboJpeg?> Loaded = new(() => TryLoad(LibraryName, out TurboJpeg? library) ? library : null);

    private readonly delegate* unmanaged<void*> _initDecompress;
    private readonly delegate* unmanaged<void*, byte*, CULong, int*, int*, int*, int*, int> _decompressHeader;
    private readonly delegate* unmanaged<void*, byte*, CULong, byte*, int, int, int, int, int, int> _decompress;
    private readonly delegate* unmanaged<void*> _initCompress;
    private readonly delegate* unmanaged<void*, byte*, int, int, int, int, byte**, CULong*, int, int, int, int> _compress;
    private readonly delegate* unmanaged<int, int, int, CULong> _mostBytes;
    private readonly delegate* unmanaged<void*, byte*> _errorText;
    private readonly delegate* unmanaged<void*, int> _errorCode;
    private readonly delegate* unmanaged<void*, int> _destroy;

    private TurboJpeg(nint library)
    {
        _initDecompress = (delegate* unmanaged<void*>)NativeLibrary.GetExport(library, "tjInitDecompress");
        _decompressHeader =
            (delegate* unmanaged<void*, byte*, CULong, int*, int*, int*, int*, int>)NativeLibrary.GetExport(library, "tjDecompressHeader3");
        _decompress =
            (delegate* unmanaged<void*, byte*, CULong, byte*, int, int, int, int, int, int>)NativeLibrary.GetExport(library, "tjDecompress2");
        _initCompress = (delegate* unmanaged<void*>)NativeLibrary.GetExport(library, "tjInitCompress");
        _compress = (delegate* unmanaged<void*, byte*, int, int, int, int, byte**, CULong*, int, int, int, int>)NativeLibrary.GetExport(
            library, "tjCompress2");
        _mostBytes = (delegate* unmanaged<int, int, int, CULong>)NativeLibrary.GetExport(library, "tjBufSize");
        _errorText = (delegate* unmanaged<void*, byte*>)NativeLibrary.GetExport(library, "tjGetErrorStr2");
        _errorCode = (delegate* unmanaged<void*, int>)NativeLibrary.GetExport(library, "tjGetErrorCode");
        _destroy = (delegate* unmanaged<void*, int>)NativeLibrary.GetExport(library, "tjDestroy");
    }

    /// <summary>The library of this process, or null where it is not installed.</summary>
    public static TurboJpeg? Shared => Loaded.Value;

    /// <summary>Loads the library by name.</summary>
    /// <returns>False if there is no such library, or one without the calls needed.</returns>
    public static bool TryLoad(string name, [NotNullWhen(true)] out TurboJpeg? library)
    {
        library = null;
        if (!NativeLibrary.TryLoad(name, out nint handle))
        {
            return false;
        }

        try
        {
            library = new TurboJpeg(handle);
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            NativeLibrary.Free(handle);
            return false;
        }
    }

    /// <summary>A new decompressor; end it with <see cref="Destroy"/>.</summary>
    /// <exception cref="InsufficientMemoryException">The library could not make one.</exception>
    public void* InitDecompress()
    {
        void* decompressor = _initDecompress();
        return decompressor != null ? decompressor : throw new InsufficientMemoryException("libjpeg-turbo could not make a decompressor");
    }

    /// <summary>
    /// Reads width and height in pixels and the coded color space without decoding. The library's 2.x calls a subsampling that has no name in
    /// its API an error here, though it decodes it; such a header counts as read.
    /// </summary>
    /// <returns>False on an error or warning: see <see cref="ErrorText"/> and <see cref="IsWarning"/>.</returns>
    public bool DecompressHeader(void* decompressor, ReadOnlySpan<byte> coded, out int width, out int height, out TurboJpegColor color)
    {
        int w = 0;
        int h = 0;
        int subsampling = 0;
        int space = -1;
        fixed (byte* data = coded)
        {
            bool done = _decompressHeader(decompressor, data, new CULong((uint)coded.Length), &w, &h, &subsampling, &space) == 0
                || (subsampling == NamelessSubsampling && w > 0 && h > 0 && space >= 0);
            (width, height, color) = (w, h, (TurboJpegColor)space);
            return done;
        }
    }

    /// <summary>Decodes the whole picture with the accurate DCT and smooth upsampling. At most 500 progressive scans are followed.</summary>
    /// <param name="decompressor">From <see cref="InitDecompress"/>.</param>
    /// <param name="coded">The file.</param>
    /// <param name="pixels">Row-major, <paramref name="stride"/> bytes per row, <paramref name="height"/> rows.</param>
    /// <param name="width">As the header says, in pixels.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="height">As the header says, in pixels.</param>
    /// <param name="format">What a pixel becomes.</param>
    /// <param name="stopOnWarning">True ends at the first sign of damage, false decodes what it can and reports the last sign.</param>
    /// <returns>False on an error or warning: see <see cref="ErrorText"/> and <see cref="IsWarning"/>.</returns>
    public bool Decompress(
        void* decompressor, ReadOnlySpan<byte> coded, byte* pixels, int width, int stride, int height, TurboJpegPixel format, bool stopOnWarning)
    {
        const int AccurateDct = 4096;
        const int StopOnWarning = 8192;
        const int LimitScans = 32768;
        int flags = AccurateDct | LimitScans | (stopOnWarning ? StopOnWarning : 0);
        fixed (byte* data = coded)
        {
            return _decompress(decompressor, data, new CULong((uint)coded.Length), pixels, width, stride, height, (int)format, flags) == 0;
        }
    }

    /// <summary>Codes a whole picture as baseline JPEG, color with chroma at half the width and height.</summary>
    /// <param name="pixels">Row-major, <paramref name="stride"/> bytes per row.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="format">What a pixel is: <see cref="TurboJpegPixel.Rgb"/>, <see cref="TurboJpegPixel.Bgr"/> or
    /// <see cref="TurboJpegPixel.Gray"/>.</param>
    /// <param name="quality">1 to 100.</param>
    /// <param name="fault">Null, or the library's words.</param>
    public byte[]? Compress(byte* pixels, int width, int stride, int height, TurboJpegPixel format, int quality, out string? fault)
    {
        const int NoReallocation = 1024, Subsampling420 = 2, SubsamplingGray = 3;
        int subsampling = format == TurboJpegPixel.Gray ? SubsamplingGray : Subsampling420;
        void* compressor = _initCompress();
        if (compressor == null) throw new InsufficientMemoryException("libjpeg-turbo could not make a compressor");
        var coded = new byte[_mostBytes(width, height, subsampling).Value];
        try
        {
            fixed (byte* start = coded)
            {
                byte* into = start;
                var length = new CULong((nuint)coded.Length);
                bool isDone =
                    _compress(compressor, pixels, width, stride, height, (int)format, &into, &length, subsampling, quality, NoReallocation) == 0;
                fault = isDone ? null : ErrorText(compressor);
                return isDone ? coded[..(int)length.Value] : null;
            }
        }
        finally
        {
            Destroy(compressor);
        }
    }

    /// <summary>The library's own words for why the last call failed.</summary>
    public string ErrorText(void* decompressor) => Marshal.PtrToStringUTF8((nint)_errorText(decompressor)) ?? "no reason given";

    /// <summary>Whether the last call met damage that it could work around, as opposed to an error.</summary>
    public bool IsWarning(void* decompressor) => _errorCode(decompressor) == 0;

    /// <summary>Frees a decompressor.</summary>
    public void Destroy(void* decompressor) => _ = _destroy(decompressor);
}

/// <summary>TJCS: the color space that a JPEG file holds.</summary>
internal enum TurboJpegColor
{
    Rgb = 0,
    YCbCr = 1,
    Gray = 2,
    Cmyk = 3,
    Ycck = 4,
}

/// <summary>TJPF: the pixel that is decoded into.</summary>
internal enum TurboJpegPixel
{
    Rgb = 0,
    Bgr = 1,
    Gray = 6,
    Cmyk = 11,
}
