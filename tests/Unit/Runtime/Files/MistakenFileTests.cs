using ResNetEdge.Exporter.Packaging;
using ResNetEdge.Onnx;
using ResNetEdge.Pixels;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Exporter.Checkpoints;

namespace ResNetEdge.Tests.Unit.Runtime.Files;

/// <summary>What a download that went wrong leaves under a model's or a picture's name is called by its own name.</summary>
public class MistakenFileTests
{
    public static TheoryData<byte[], string> Mistakes => new()
    {
        { "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"u8.ToArray(), "Git LFS pointer" },
        { "<!DOCTYPE html>\n<html lang=en>"u8.ToArray(), "is a web page" },
        { "\n  <!doctype HTML PUBLIC"u8.ToArray(), "is a web page" },
        { [0xEF, 0xBB, 0xBF, .. "<html>"u8], "is a web page" },
        { "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"u8.ToArray(), "is an XML document" },
        { "{\"error\":\"Not found\"}"u8.ToArray(), "is an error message from a web service" },
        { [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "compressed with gzip" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void It_is_named_whatever_it_was_saved_as(byte[] bytes, string says)
    {
        using var folder = new TempFolder();
        foreach (string name in new[] { "m.onnx", "m.pth", "m.safetensors", "m.h5", "m.tflite", "m.keras" })
            Refused(says, () => SourceNetwork.Open(folder.Write(name, bytes), "auto", null));
        Refused(says, () => OnnxReader.Read(folder["m.onnx"]));
        using var reader = new PictureReader();
        using var picture = new Picture();
        Refused(says, () => reader.Read(folder.Write("cat.jpg", bytes), picture));
    }

    [Fact]
    public void Archives_of_Keras_and_TorchScript_are_named()
    {
        using var folder = new TempFolder();
        byte[] keras = CheckpointFiles.Zip(("metadata.json", "{}"u8.ToArray()), ("config.json", "{}"u8.ToArray()), ("model.weights.h5", [1]));
        Refused("Keras 3 archive (.keras); load it and save it as HDF5", () => SourceNetwork.Open(folder.Write("m.keras", keras), "auto", null));
        byte[] script = CheckpointFiles.Zip(("m/data.pkl", [0x80, 2, (byte)'N', (byte)'.']), ("m/constants.pkl", [1]), ("m/code/__torch__.py", [1]));
        Refused("a TorchScript archive", () => SourceNetwork.Open(folder.Write("m.pt", script), "auto", null));
    }

    [Fact]
    public void An_empty_file_is_called_empty()
    {
        using var folder = new TempFolder();
        foreach (string name in new[] { "m.onnx", "m.pth", "m.h5" })
            Refused("the file is empty", () => SourceNetwork.Open(folder.Write(name, []), "auto", null));
    }

    private static void Refused(string says, Action read)
    {
        var refused = Assert.Throws<EdgeException>(read);
        Assert.Equal(FailureKind.BadInput, refused.Kind);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }
}
