using ResNetEdge.Device.Pins;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Triggers;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Triggers;

public class TriggerTableTests
{
    private static readonly (string Yaml, TriggerSettings Settings)[] Full =
    [
        ("type: gpio, line: a, active_low: true, pull: up, edge: both, debounce_ms: 5",
            new GpioTriggerSettings("o", new("a", null, null), true, GpioBias.PullUp, GpioEdges.Both, TimeSpan.FromMilliseconds(5))),
        ("type: gpio, chip: soc, offset: 3",
            new GpioTriggerSettings("o", new(null, "soc", 3), false, GpioBias.AsIs, GpioEdges.Rising, TimeSpan.FromMilliseconds(20))),
        ("type: schedule, every_s: 60, days: [mon, sun]",
            new ScheduleSettings("o", TimeSpan.FromMinutes(1), new([]), new([DayOfWeek.Monday, DayOfWeek.Sunday]))),
        ("type: schedule, at: ['06:30', '18:00:30']", new ScheduleSettings("o", null, new([new(6, 30), new(18, 0, 30)]), new([]))),
        ("type: mqtt, host: h, client_id: c, topic: a/b",
            new MqttTriggerSettings("o", new MqttSettings("o", "h", 1883, false, null, "c-look", null, null, "a/b", 1, false,
                TimeSpan.FromSeconds(30),
                new(false, true, 1, 256)))),
        ("type: unix_socket, path: /s, mode: 0600", new SocketTriggerSettings("o", "/s", UnixFileMode.UserRead | UnixFileMode.UserWrite)),
        ("type: unix_socket, path: /s, mode: 0600, camera: [front, back]", new SocketTriggerSettings(
            "o", "/s", UnixFileMode.UserRead | UnixFileMode.UserWrite) { Cameras = new(new(["front", "back"])) }),
    ];

    [Fact]
    public void Everything_is_read_and_equal_when_it_says_the_same()
    {
        foreach (var (yaml, settings) in Full)
        {
            Assert.Equal(settings, Assert.Single(Read($"name: o, {yaml}")));
            Assert.NotEqual(Read($"name: o, {yaml}"), Read($"name: p, {yaml}"));
        }

        Assert.Equal(TriggerTable.All.Select(e => e.Type).Order(), Full.Select(f => f.Settings.Type).Distinct().Order());
    }

    [Theory]
    [InlineData("type: gpio", "'triggers[0].line' is missing: set the line's name, or 'chip' and 'offset'")]
    [InlineData("type: schedule", "'triggers[0].every_s' is missing: set every_s, or times of the day in 'at'")]
    [InlineData("type: schedule, every_s: 1, at: '06:30'", "'triggers[0].at' cannot be combined with 'every_s'")]
    [InlineData("type: schedule, at: '6.30'", "'triggers[0].at' must be times such as '06:30', not '6.30'")]
    [InlineData("type: schedule, every_s: 1, days: monday", "'triggers[0].days' must be days: sun, mon, tue, wed, thu, fri, sat, not 'monday'")]
    [InlineData("type: mqtt, host: h, topic: 'a/+'", "'triggers[0].topic' must be a prefix of topics without + and # and without / at its ends, "
        + "not 'a/+'")]
    [InlineData("type: bell", "'triggers[0].type' must be one of gpio, schedule, mqtt, unix_socket, not 'bell'")]
    public void What_cannot_be_is_refused_with_its_line(string yaml, string sentence) =>
        Assert.Equal($"f:2: {sentence}", Assert.Throws<EdgeException>(() => Read($"name: o, {yaml}")).Message);

    private static IReadOnlyList<TriggerSettings> Read(string trigger)
    {
        var setting = Settings.List("triggers", TriggerTable.Schema, TriggerTable.Read);
        var place = new Place("f", "", []);
        var settings = new Section(YamlTree.Parse($"triggers:\n - {{{trigger}}}", "f"), place, new Schema("", "", [setting])).Get(setting);
        place.ThrowIfAny();
        return settings;
    }
}
