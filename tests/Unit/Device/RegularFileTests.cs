using System.Net.Sockets;
using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Exporter.Checkpoints;
using ResNetEdge.Exporter.Import;
using ResNetEdge.Onnx;
using ResNetEdge.Packages;
using ResNetEdge.Pixels;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Yaml;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Device;

public sealed class RegularFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Whatever opens a file that a user, a package or a network disk brings. One that waits for a writer never ends this test.</summary>
    public static TheoryData<string, Action<string>> Readers => new()
    {
        { "model", path => OnnxReader.Read(path) },
        { "array", path => Npy.Read(path) },
        { "package or model", path => Package.Open(path).Dispose() },
        { "archive", path => PackageFiles.Open(path).Dispose() },
        { "checkpoint", path => CheckpointFormats.Read(path) },
        { "network to import", path => ModelFormats.Find(path) },
        { "picture", path => new PictureReader().Read(path, new Picture()) },
        { "small file", path => BoundedFile.Read(path, 100, "token") },
        { "trusted key", path => TrustedKeys.Read(path) },
        { "configuration", path => YamlTree.Read(path) },
        { "secret", path => SecretFile.Text(path) },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_read_and_so_is_one_behind_a_link()
    {
        string path = _folder.Write("file", "seven"u8);
        File.CreateSymbolicLink(_folder["link"], path);
        Assert.Equal("seven"u8, RegularFile.ReadAllBytes(path, 5));
        Assert.Equal("seven"u8, RegularFile.ReadAllBytes(_folder["link"], 5));
        using var stream = RegularFile.Open(path);
        stream.Position = 2;
        Assert.Equal((5, 'v'), (stream.Length, (char)stream.ReadByte()));
    }

    [Fact]
    public void A_longer_file_than_allowed_is_refused()
    {
        string path = _folder.Write("file", "seven"u8);
        Assert.Equal($"'{path}' has 5 bytes, more than the 4 allowed", Assert.Throws<IOException>(() => RegularFile.ReadAllBytes(path, 4)).Message);
    }

    [Fact]
    public void What_is_no_file_is_refused_by_its_kind()
    {
        string link = _folder["link"];
        File.CreateSymbolicLink(link, SpecialFile.Pipe(_folder["pipe"]));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder["socket"]));
        Assert.Equal($"'{link}' is a named pipe, not a file", Refusal(link));
        Assert.Equal("'/dev/zero' is a device, not a file", Refusal("/dev/zero"));
        Assert.Equal($"'{_folder.Path}' is a folder, not a file", Refusal(_folder.Path));
        Assert.Equal($"'{_folder["socket"]}' is a socket, not a file", Refusal(_folder["socket"]));
    }

    [Fact]
    public void What_is_missing_says_so()
    {
        Assert.Throws<FileNotFoundException>(() => RegularFile.Open(_folder["missing"]));
        Assert.Throws<FileNotFoundException>(() => RegularFile.Open(Path.Combine(_folder.Write("file", []), "below")));
        Assert.StartsWith("File name too long", Refusal("zero\0inside"), StringComparison.Ordinal);
        Assert.Equal((-1, FileKind.Missing), (RegularFile.TryOpen(_folder["missing"], out var kind), kind));
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void No_reader_waits_for_a_pipe_or_opens_a_device(string what, Action<string> read)
    {
        var pipe = Assert.ThrowsAny<Exception>(() => read(SpecialFile.Pipe(_folder["pipe"])));
        var device = Assert.ThrowsAny<Exception>(() => read("/dev/zero"));
        Assert.All([pipe, device], e => Assert.True(e is IOException or EdgeException { Kind: FailureKind.BadInput }, $"{what}: {e}"));
        Assert.Contains("a named pipe", pipe.Message, StringComparison.Ordinal);
        Assert.Contains("a device", device.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_whose_manifest_is_a_pipe_is_refused()
    {
        Directory.CreateDirectory(_folder["package"]);
        SpecialFile.Pipe(_folder["package/manifest.json"]);
        _folder.Write("package/model.onnx", [1]);
        Assert.Contains("a named pipe", Assert.Throws<EdgeException>(() => Package.Open(_folder["package"])).Message, StringComparison.Ordinal);
    }

    private static string Refusal(string path) => Assert.Throws<IOException>(() => RegularFile.Open(path)).Message;
}
