using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Exporter.Import.Keras;
using ResNetEdge.Exporter.Import.TensorFlowLite;
using ResNetEdge.Onnx;

namespace ResNetEdge.Exporter.Import;

/// <summary>The table of formats that hold a whole network. A file of none of them may be a checkpoint, which holds weights alone.</summary>
internal static class ModelFormats
{
    /// <summary>First bytes that a format may look at.</summary>
    public const int HeadLength = 16;

    /// <summary>All formats; the first that matches reads the file.</summary>
    public static IReadOnlyList<ModelFormat> All { get; } =
    [
        new("onnx", OnnxImport.Matches, static (path, _) => OnnxImport.Read(path)),
        new("tflite", TfliteImport.Matches, static (path, _) => TfliteImport.Read(path)),
        new("keras h5", KerasImport.Matches, KerasImport.Read),
    ];

    /// <summary>The format of a file, or null when it is none of these.</summary>
    /// <exception cref="EdgeException">Exit 3: there is no such file, or it cannot be read.</exception>
    public static ModelFormat? Find(string path)
    {
        byte[] head = new byte[HeadLength];
        int length;
        try
        {
            if (Directory.Exists(path)) throw EdgeException.BadInput($"{path}: is a folder, not a model file");
            using var file = RegularFile.Open(path, 0);
            length = file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false);
        }
        catch (UnauthorizedAccessException e)
        {
            throw EdgeException.Unavailable($"{path}: no permission to read it", e);
        }
        catch (IOException e)
        {
            throw EdgeException.BadInput($"{path}: cannot be opened ({e.Message})", e);
        }

        return All.FirstOrDefault(format => format.Matches(path, head.AsSpan(0, length)));
    }

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="EdgeException">Exit 3: missing, unreadable or larger than 2 GiB.</exception>
    public static ReadOnlyMemory<byte> ReadAll(string path)
    {
        FileBytes bytes = OnnxReader.ReadBytes(path);
        return bytes.Memory;
    }
}
