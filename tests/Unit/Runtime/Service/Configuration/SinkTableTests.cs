using System.Drawing;
using ResNetEdge.Device.Pins;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Outputs.Frames;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Outputs.Parts;
using ResNetEdge.Service.Outputs.Webhook;
using ResNetEdge.Service.Yaml;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Configuration;

public class SinkTableTests
{
    /// <summary>Everything that an output can be told, and what is read of it.</summary>
    private static readonly (string Yaml, SinkSettings Settings)[] Full =
    [
        ("type: gpio, line: lamp, active_low: true, hold_ms: 500, debounce_ms: 20, safe: keep",
            new GpioSettings("o", new GpioAddress("lamp", null, null), true, Ms(500), Ms(20), null, SafeState.Keep)),
        ("type: gpio, chip: soc, offset: 17, pulse_ms: 200",
            new GpioSettings("o", new GpioAddress(null, "soc", 17), false, Ms(0), Ms(0), Ms(200), SafeState.Off)),
        ("type: json_lines, path: /x/y, what: both, every_nth: 10, queue_kib: 64, max_mib: 2, files: 3",
            new JsonLinesSettings("o", "/x/y", 2, 3, new(true, true, 10, 64))),
        ("type: json_lines", new JsonLinesSettings("o", null, 16, 4, new(false, true, 1, 256))),
        ("type: unix_socket, path: /x/s, mode: 0640, max_clients: 2, what: results",
            new UnixSocketSettings("o", "/x/s", (UnixFileMode)0b110_100_000, 2, new(true, false, 1, 256))),
        ("type: mqtt, host: h, tls: true, ca_file: /c, client_id: c, user: u, password_file: /p, topic: a/b, qos: 0, retain: true, keepalive_s: 5",
            new MqttSettings("o", "h", 8883, true, "/c", "c", "u", "/p", "a/b", 0, true, TimeSpan.FromSeconds(5), new(false, true, 1, 256))),
        ("type: mqtt, host: h", new MqttSettings("o", "h", 1883, false, null, $"resnetedge-{Environment.MachineName}", null, null, "resnetedge", 1,
            false, TimeSpan.FromSeconds(30), new(false, true, 1, 256))),
        ("type: webhook, url: 'https://e.org/h', token_file: /t, secret_file: /s, timeout_s: 3, queue_items: 5, queue_mib: 2",
            new WebhookSettings("o", new Uri("https://e.org/h"), "/t", "/s", TimeSpan.FromSeconds(3), 5, 2)),
        ("type: webhook, url: 'https://e.org/h', picture: true, picture_width: 320, picture_quality: 70, picture_part: photo, fields: [a=b], "
            + "url_without_picture: 'https://e.org/w', changes: on",
            new WebhookSettings("o", new Uri("https://e.org/h"), null, null, TimeSpan.FromSeconds(10), 10_000, 16)
            {
                Mode = PictureMode.Form,
                Pictures = new(320, 70),
                PicturePart = "photo",
                Fields = new(["a=b"]),
                UrlWithoutPicture = new Uri("https://e.org/w"),
                OnlyOn = true,
            }),
        ("type: mqtt, host: h, client_id: c, picture: true, picture_width: 100", new MqttSettings(
            "o", "h", 1883, false, null, "c", null, null, "resnetedge", 1, false, TimeSpan.FromSeconds(30), new(false, true, 1, 256))
            {
                Pictures = new(100, 80),
            }),
        ("type: frames, folder: /f, when: [rule, band, drift], band_from: 0.3, band_to: 0.5, drift: 0.1, max_mib: 2, max_files: 3, per_hour: 4, "
            + "pause_s: 6, picture_quality: 90",
            new FramesSettings("o", "/f", new(["rule", "band", "drift"]), (0.3, 0.5), 0.1, 2, 3, 4, TimeSpan.FromSeconds(6), new(640, 90))),
        ("type: frames, folder: /f, when: disagreement, compare_s: 20",
            new FramesSettings("o", "/f", new(["disagreement"]), (0.4, 0.6), 0.25, 256, 1000, 60, TimeSpan.FromSeconds(5), new(640, 80))
            { Compare = TimeSpan.FromSeconds(20) }),
        ("type: frames, folder: /f",
            new FramesSettings("o", "/f", new(["rule"]), (0.4, 0.6), 0.25, 256, 1000, 60, TimeSpan.FromSeconds(5), new(640, 80))),
        ("type: display, bus: 3, address: 0x3d, controller: sh1106, height: 32, upside_down: true, text: hall, refresh_ms: 500",
            new DisplaySettings("o", 3, 0x3D, OledController.Sh1106, 32, true, "hall", Ms(500))),
        ("type: display", new DisplaySettings("o", 1, 0x3C, OledController.Ssd1306, 64, false, null, Ms(200))),
        ("type: leds, chip: apa102, bus: 1, chip_select: 2, count: 5, brightness: 1, bar: true, colors: [a=b=ff0000, cat=00Ff80], on_color: 0000ff, "
            + "idle_color: '010203'",
            new LedsSettings("o", LedKind.Apa102, 1, 2, 5, 1, true,
                new([new("a=b", Color.FromArgb(255, 0, 0)), new("cat", Color.FromArgb(0, 255, 128))]), Color.FromArgb(0, 0, 255),
                Color.FromArgb(1, 2, 3))),
        ("type: servo, chip: pwmchip0, channel: 1, on_degrees: 100, off_degrees: 10, range_degrees: 120, shortest_us: 500, longest_us: 2500",
            new ServoSettings("o", new("pwmchip0", 1), 100, 10, 120, 500, 2500)),
        ("type: buzzer, chip: a.pwm, hertz: 440, beeps: 3, beep_ms: 50", new BuzzerSettings("o", new("a.pwm", 0), 440, 3, Ms(50))),
        ("type: pwm, chip: a.pwm, hertz: 25000, on: 0.9, off: 0.3, from_celsius: 50, full_celsius: 75, safe: 0.5",
            new PwmSettings("o", new("a.pwm", 0), 25000, 0.9, 0.3, 50, 75, 0.5)),
        ("type: pwm, chip: a.pwm, off: 0.2", new PwmSettings("o", new("a.pwm", 0), 1000, 1, 0.2, null, 20, 0.2)),
        ("type: pwm, chip: a.pwm, from_celsius: 40", new PwmSettings("o", new("a.pwm", 0), 1000, 1, 0, 40, 60, 1)),
    ];

    [Fact]
    public void Everything_is_read_and_equal_when_it_says_the_same()
    {
        foreach (var (yaml, settings) in Full)
        {
            Assert.Equal(settings, Assert.Single(Read($"name: o, {yaml}")));
            Assert.Equal(Read($"name: o, {yaml}"), Read($"name: o, {yaml}"));
            Assert.NotEqual(Read($"name: o, {yaml}"), Read($"name: p, {yaml}"));
        }

        Assert.Equal(SinkTable.All.Select(e => e.Type).Order(), Full.Select(f => f.Settings.Type).Distinct().Order());
    }

    [Theory]
    [InlineData("type: gpio", "'outputs[0].line' is missing: set the line's name, or 'chip' and 'offset'")]
    [InlineData("type: gpio, line: a, offset: 1", "'outputs[0].offset' cannot be combined with 'line': set either the name or the offset")]
    [InlineData(
        "type: gpio, line: a, hold_ms: 1, pulse_ms: 1", "'outputs[0].pulse_ms' cannot be combined with 'hold_ms': a pulse has its own length")]
    [InlineData("type: gpio, line: a, safe: maybe", "'outputs[0].safe' must be one of off, on, keep, not 'maybe'")]
    [InlineData("type: unix_socket, path: /s, mode: 0999", "'outputs[0].mode' must be three octal digits such as 0660, not '0999'")]
    [InlineData("type: unix_socket, path: /s, mode: 1777", "'outputs[0].mode' must be three octal digits such as 0660, not '1777'")]
    [InlineData(
        "type: mqtt, host: h, topic: 'a/#'", "'outputs[0].topic' must be a prefix of topics without + and # and without / at its ends, not 'a/#'")]
    [InlineData(
        "type: mqtt, host: h, password_file: /p", "'outputs[0].password_file' needs 'user': the protocol has no password without a user name")]
    [InlineData("type: mqtt, host: h, ca_file: /p", "'outputs[0].ca_file' needs 'tls: true'")]
    [InlineData(
        "type: webhook, url: 'htps://hooks.e.org/t0psecret'",
        "'outputs[0].url' must be an address such as https://example.org/events, without a password, not 'htps://hooks.e.org'")]
    [InlineData("type: mqtt, host: 'mqtt://gate:hunter2@broker:1883'", "'outputs[0].host' must be only a name or an address, "
        + "not 'mqtt://broker:1883': set the port in 'port', the user name in 'user', the password in 'password_file', and TLS with 'tls: true'")]
    [InlineData("type: mqtt, host: 'gate:hunter2@broker'", "'outputs[0].host' must be only a name or an address, not 'broker': "
        + "set the port in 'port', the user name in 'user', the password in 'password_file', and TLS with 'tls: true'")]
    [InlineData(
        "type: webhook, url: ftp://e.org",
        "'outputs[0].url' must be an address such as https://example.org/events, without a password, not 'ftp://e.org'")]
    [InlineData(
        "type: webhook, url: 'http://u:p@e.org'",
        "'outputs[0].url' must be an address such as https://example.org/events, without a password, not 'http://e.org'")]
    [InlineData("type: frames", "'outputs[0].folder' is missing: Folder of the pictures, each with a file of the same name that is one line of JSON: "
        + "the result or event, and why it was kept.")]
    [InlineData("type: frames, folder: /f, when: [rule, noon]", "'outputs[0].when' must be of rule, band, drift, disagreement, not 'noon'")]
    [InlineData("type: frames, folder: /f, when: band, band_from: 0.7", "'outputs[0].band_from' is above band_to: 0.7 > 0.6")]
    [InlineData("type: frames, folder: /f, compare_s: 2", "'outputs[0].compare_s' needs 'disagreement' in 'when'")]
    [InlineData("type: frames, folder: /f, drift: 0.2", "'outputs[0].drift' needs 'drift' in 'when'")]
    [InlineData("type: display, address: 0x50", "'outputs[0].address' must be one of 0x3c, 0x3d, not '0x50'")]
    [InlineData("type: leds, colors: [door]", "'outputs[0].colors' must be names with six hexadecimal digits such as ff8000, as in "
        + "'door=ff8000', not 'door'")]
    [InlineData("type: leds, on_color: green", "'outputs[0].on_color' must be six hexadecimal digits such as ff8000, not 'green'")]
    [InlineData("type: leds, chip: apa102, count: 65", "'outputs[0].count' must be at most 64 for apa102, not 65")]
    [InlineData("type: servo, chip: c, on_degrees: 200", "'outputs[0].on_degrees' must be at most 'range_degrees', 180")]
    [InlineData("type: servo, chip: c, shortest_us: 2000", "'outputs[0].longest_us' must be more than 'shortest_us', 2000")]
    [InlineData("type: pwm, chip: c, full_celsius: 50", "'outputs[0].full_celsius' needs 'from_celsius'")]
    [InlineData("type: pwm, chip: c, from_celsius: 50, full_celsius: 50", "'outputs[0].full_celsius' must be more than 'from_celsius', 50")]
    [InlineData("type: pigeon",
        "'outputs[0].type' must be one of gpio, json_lines, mqtt, webhook, unix_socket, frames, display, leds, servo, buzzer, pwm, not 'pigeon'")]
    public void What_cannot_be_is_refused_with_its_line(string yaml, string sentence)
    {
        var e = Assert.Throws<EdgeException>(() => Read($"name: o, {yaml}"));
        Assert.Equal($"f:2: {sentence}", e.Message);
    }

    [Fact]
    public void A_socket_path_fits_the_system()
    {
        string path = "/" + new string('x', 100);
        Assert.Contains("has more than 98 bytes", Assert.Throws<EdgeException>(() => Read($"name: o, type: unix_socket, path: {path}")).Message,
            StringComparison.Ordinal);
        Assert.Single(Read($"name: o, type: unix_socket, path: {path[..98]}"));
    }

    [Fact]
    public void A_secret_that_is_not_there_is_refused_at_once()
    {
        using var bench = new SinkBench();
        foreach (string yaml in new[] { "type: mqtt, host: h, user: u, password_file: /nowhere",
            "type: webhook, url: 'http://e.org', token_file: /nowhere" })
        {
            var e = Assert.Throws<EdgeException>(() => Read($"name: o, {yaml}")[0].Open(bench.Context));
            Assert.Equal((FailureKind.BadInput, "output 'o': '/nowhere' is not a file that can be read"), (e.Kind, e.Message));
        }
    }

    private static IReadOnlyList<SinkSettings> Read(string output)
    {
        var setting = Settings.List("outputs", SinkTable.Schema, SinkTable.Read);
        var place = new Place("f", "", []);
        var settings = new Section(YamlTree.Parse($"outputs:\n - {{{output}}}", "f"), place, new Schema("", "", [setting])).Get(setting);
        place.ThrowIfAny();
        return settings;
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);
}
