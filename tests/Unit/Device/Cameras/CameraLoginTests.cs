using System.Runtime.Versioning;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Device.Cameras;

[SupportedOSPlatform("linux")]
public sealed class CameraLoginTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_password_is_the_first_line_of_its_file_and_read_each_time()
    {
        var request = new CameraRequest("rtsp://cam/") { User = "me", PasswordFile = Write("p@ss \"w\u00f6rd\r\nmore\n") };
        Assert.Equal(new CameraLogin("me", "p@ss \"w\u00f6rd"), CameraLogin.Of(request));
        Write("other\n");
        Assert.Equal("other", CameraLogin.Of(request)!.Password);
        Assert.Equal("me", $"{CameraLogin.Of(request)}");
    }

    [Fact]
    public void An_address_may_have_them_escaped()
    {
        Assert.Equal(new CameraLogin("a:b", "c@d"), CameraLogin.Of(new CameraRequest("rtsp://a%3Ab:c%40d@cam/")));
        Assert.Equal(new CameraLogin("a", ""), CameraLogin.Of(new CameraRequest("rtsp://a@cam/")));
        Assert.Null(CameraLogin.Of(new CameraRequest("rtsp://cam/")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\nsecond")]
    [InlineData("a\u0007b")]
    public void A_file_without_a_password_is_refused(string text)
    {
        string path = Write(text);
        var refusal = Assert.Throws<EdgeException>(() => CameraLogin.Of(new CameraRequest("rtsp://cam/") { User = "me", PasswordFile = path }));
        Assert.Equal($"rtsp://cam/: the first line of the password file '{path}' must be the password", refusal.Message);
    }

    [Fact]
    public void A_file_that_everybody_may_read_is_refused_with_the_cure()
    {
        string path = Write("hunter2");
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherRead);
        var refusal = Assert.Throws<EdgeException>(() => CameraLogin.Of(new CameraRequest("rtsp://cam/") { User = "me", PasswordFile = path }));
        Assert.Equal((FailureKind.BadInput, $"rtsp://cam/: everybody may read the password file '{path}'; run: chmod o= '{path}'"),
            (refusal.Kind, refusal.Message));
    }

    [Fact]
    public void A_file_that_is_not_there_may_come() => Assert.StartsWith("rtsp://cam/: the password file '/nowhere' cannot be read (",
        Assert.Throws<CameraException>(() => CameraLogin.Of(new CameraRequest("rtsp://cam/") { User = "me", PasswordFile = "/nowhere" })).Message,
        StringComparison.Ordinal);

    private string Write(string text)
    {
        string path = _folder["password"];
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
