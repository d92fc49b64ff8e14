using ResNetEdge.Device;

namespace ResNetEdge.Tests.Unit.Device;

/// <summary>Passwords here are <c>hunter2</c>, tokens <c>t0psecret</c>.</summary>
public class SafeAddressTests
{
    [Theory]
    [InlineData("http://cam/stream", "http://cam/stream")]
    [InlineData("http://admin:hunter2@cam:8080/stream?token=t0psecret#hunter2", "http://cam:8080/stream")]
    [InlineData("rtsp://admin:hunter2@cam/live", "rtsp://cam/live")] // a scheme that nobody knows has passwords too
    [InlineData("HTTPS://admin@[fe80::1]:443/", "HTTPS://[fe80::1]:443/")]
    [InlineData("http://admin:hunter2@cam:99999/x", "http://cam:99999/x")] // no parser takes it
    [InlineData("http://admin:hunter2 @cam/", "http://cam/")]
    [InlineData("http://admin:hun@ter2@cam/", "http://cam/")]
    [InlineData("http://admin:hun/ter2@cam/", "http://cam/")]
    [InlineData("http://admin:hun?ter2@cam/", "http://***")]
    [InlineData("http://admin:hun#ter2@cam/", "http://***")]
    [InlineData("http://cam/stream?mail=a@b.c&token=t0psecret", "http://cam/stream")]
    [InlineData("http://cam/stream;token=t0psecret", "http://cam/stream")]
    [InlineData("admin:hunter2@cam/stream?token=t0psecret", "cam/stream")] // scheme forgotten
    [InlineData("http:/admin:hunter2@cam/", "cam/")]
    [InlineData("http//admin:hunter2@cam/", "cam/")]
    [InlineData("cam/stream?token=t0psecret", "cam/stream")]
    [InlineData(
        "/dev/v4l/by-path/platform-3f980000.usb-usb-0:1.1:1.0-video-index0", "/dev/v4l/by-path/platform-3f980000.usb-usb-0:1.1:1.0-video-index0")]
    [InlineData("/pictures/10:30@door?.jpg", "/pictures/10:30@door?.jpg")]
    [InlineData("./a:b@c", "./a:b@c")]
    [InlineData("y4m:day@night.y4m", "y4m:day@night.y4m")]
    [InlineData("picture.jpg", "picture.jpg")]
    [InlineData("", "")]
    [InlineData("://", "://")]
    public void An_address_is_shown_without_its_secrets(string whole, string shown)
    {
        var address = new SafeAddress(whole);
        Assert.Equal((shown, whole), (address.ToString(), address.Whole));
        Assert.Equal(shown, $"{address}");
    }

    [Theory]
    [InlineData("Connection refused (cam:80)", "Connection refused (cam:80)")]
    [InlineData("proxy 'http://admin:hunter2@proxy:3128/' said 407", "proxy 'http://proxy:3128/' said 407")]
    [InlineData("http://cam/x?token=t0psecret and rtsp://admin:hunter2@cam/y, twice", "http://cam/x and rtsp://cam/y, twice")]
    [InlineData("one:// two", "one:// two")]
    [InlineData("://", "://")]
    public void A_sentence_is_told_without_the_secrets_of_its_addresses(string sentence, string told) =>
        Assert.Equal(told, SafeAddress.Hide(sentence));

    [Fact]
    public void A_sentence_about_an_address_repeats_none_of_its_secrets_in_any_form()
    {
        var address = new SafeAddress("http://admin:hunt%2Fer2@cam/x?token=t0p%20secret&kind=1");
        string told = address.HideIn("404 for /x?token=t0p%20secret&kind=1 by admin:hunt%2Fer2 (hunt/er2), 't0p secret', kind=1");
        Assert.DoesNotContain("hunt", told, StringComparison.Ordinal);
        Assert.DoesNotContain("t0p", told, StringComparison.Ordinal);
        Assert.StartsWith("404 for /x?***", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_servers_name_is_all_that_is_shown_where_the_path_is_the_secret()
    {
        Assert.Equal("hooks.example.org:8443", new SafeAddress("https://hooks.example.org:8443/T0/t0psecret?x=1").Server);
        Assert.Equal("https", new SafeAddress("https//hooks.example.org/t0psecret").Server);
        Assert.Equal("collector:4318", new SafeAddress("collector:4318").Server);
    }
}
