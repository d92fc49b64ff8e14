using System.Buffers.Binary;
using System.Text;
using ResNetEdge.Device;
using ResNetEdge.Model;

namespace ResNetEdge.Packages;

/// <summary>Reads and writes numpy's .npy files: one array, C order, little-endian, of any type in <see cref="ElementNames"/>.</summary>
internal static class Npy
{
    private const int Alignment = 64, MaxHeaderBytes = 64 << 10;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <exception cref="EdgeException">Exit 3: missing, unreadable, malformed or of an unsupported type.</exception>
    public static Tensor Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAllBytes(path, Array.MaxLength);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdgeException.BadInput($"{path}: cannot be read: {e.Message}", e);
        }

        return Read(bytes, path);
    }

    /// <summary>Reads an array held in memory, which the tensor goes on sharing.</summary>
    /// <exception cref="EdgeException">Exit 3: malformed or of an unsupported type.</exception>
    public static Tensor Read(ReadOnlyMemory<byte> file, string name)
    {
        try
        {
            var bytes = file.Span;
            if (bytes.Length < 10 || !bytes.StartsWith(Magic)) throw new FormatException("it is not an .npy file");
            int prefix = bytes[6] switch
            {
                1 => 10,
                2 or 3 => 12,
                _ => throw new FormatException($"format version {bytes[6]}.{bytes[7]} is not supported"),
            };
            long headerBytes = prefix == 10 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])
                : bytes.Length >= prefix ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..])
                : throw new FormatException("it is cut off");
            if (headerBytes > MaxHeaderBytes || headerBytes > bytes.Length - prefix) throw new FormatException($"a header of {headerBytes} bytes");
            var (type, shape) = NpyHeader.Parse(bytes.Slice(prefix, (int)headerBytes));
            var data = file[(prefix + (int)headerBytes)..];
            long needed = (long)shape.ElementCount * type.Size();
            return data.Length == needed
                ? new Tensor(type, shape, data)
                : throw new FormatException($"it has {data.Length} bytes of data where {type} of shape {shape} needs {needed}");
        }
        catch (FormatException e)
        {
            throw EdgeException.BadInput($"{name}: cannot be read as .npy: {e.Message}", e);
        }
    }

    /// <summary>Writes an array, format 1.0.</summary>
    /// <exception cref="ArgumentException">The byte count does not fit, or numpy has no such type (bfloat16).</exception>
    public static void Write(Stream stream, ElementType type, Shape shape, ReadOnlySpan<byte> data)
    {
        if (data.Length != (long)shape.ElementCount * type.Size()) throw new ArgumentException($"{data.Length} bytes for {type} of shape {shape}");
        string header = NpyHeader.Format(type, shape);
        int unpadded = 10 + header.Length + 1;
        header += new string(' ', (Alignment - (unpadded % Alignment)) % Alignment) + "\n";
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, checked((ushort)header.Length));
        stream.Write([.. Magic, 1, 0, .. length, .. Encoding.ASCII.GetBytes(header)]);
        stream.Write(data);
    }

    /// <summary>Writes an array, format 1.0.</summary>
    public static void Write(Stream stream, Tensor tensor) => Write(stream, tensor.Type, tensor.Shape, tensor.Bytes.Span);
}
