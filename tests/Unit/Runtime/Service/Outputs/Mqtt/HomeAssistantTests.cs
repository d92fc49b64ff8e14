using System.Text.Json;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Pictures;
using ResNetEdge.Service.Rules;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

/// <summary>Against what Home Assistant documents of a device's discovery message.</summary>
public class HomeAssistantTests
{
    [Fact]
    public void A_rule_is_a_binary_sensor_with_the_topics_that_the_output_uses()
    {
        var root = Announce(Settings("door", "a/b c"), []);
        Assert.Equal("t/status", root.GetProperty("availability_topic").GetString()); // online and offline are Home Assistant's defaults
        Assert.Equal("box", root.GetProperty("device").GetProperty("identifiers").GetString());
        Assert.False(string.IsNullOrEmpty(root.GetProperty("origin").GetProperty("name").GetString()));
        var door = root.GetProperty("components").GetProperty("rule_door");
        Assert.Equal("binary_sensor", door.GetProperty("platform").GetString());
        Assert.Equal("box_rule_door", door.GetProperty("unique_id").GetString());
        Assert.Equal("t/rule/door", door.GetProperty("state_topic").GetString());
        Assert.Equal("t/rule/door", door.GetProperty("json_attributes_topic").GetString());
        var other = Assert.Single(root.GetProperty("components").EnumerateObject(), c => c.Name.StartsWith("rule_a_b_c_", StringComparison.Ordinal));
        Assert.Equal("a/b c", other.Value.GetProperty("name").GetString());
        Assert.Equal("t/rule/a_b c", other.Value.GetProperty("state_topic").GetString());
        Assert.Equal("t/rule/+", root.GetProperty("components").GetProperty("last_label").GetProperty("state_topic").GetString());
    }

    [Fact]
    public void Identifiers_hold_only_what_is_allowed_and_stay_apart()
    {
        string[] rules = ["door", "Tür", "Tur", "T\u00fc r", "a/b", "a+b", "a_b"];
        var components = HomeAssistant.Components(Settings(rules)).ToList();
        Assert.Equal(rules.Length + 1, components.Distinct(StringComparer.Ordinal).Count());
        Assert.All(components, c => Assert.Matches("^[a-zA-Z0-9_-]+$", c));
        Assert.Matches("^homeassistant/device/[a-zA-Z0-9_-]+/config$", HomeAssistant.Topic(Settings() with { ClientId = "box of the door #1" }));
    }

    [Fact]
    public void A_rule_is_a_sensor_for_each_camera_that_it_watches()
    {
        RuleSettings[] rules = [Rule("a/b", "out") with { Cameras = new(new(["front"])) }, Rule("gate", "out")];
        var settings = (MqttSettings)Settings().For(rules, ["front", "back yard"]);
        Assert.Equal([("front", "a/b"), ("front", "gate"), ("back yard", "gate")], settings.Rules);
        var components = Announce(settings, []).GetProperty("components").EnumerateObject().Select(p => p.Value).ToList();
        string Of(JsonElement component, string name) => component.GetProperty(name).GetString()!;
        Assert.Equal(
            [("front: a/b", "t/front/rule/a_b"), ("front: gate", "t/front/rule/gate"), ("back yard: gate", "t/back yard/rule/gate"),
                ("front: last label", "t/front/rule/+"), ("back yard: last label", "t/back yard/rule/+")],
            components.Select(c => (Of(c, "name"), Of(c, "state_topic"))));
        Assert.Equal(5, components.Select(c => Of(c, "unique_id")).Distinct().Count());
        Assert.All(HomeAssistant.Components(settings), c => Assert.Matches("^[a-zA-Z0-9_-]+$", c));
    }

    [Fact]
    public void What_is_gone_is_named_with_its_platform_alone()
    {
        var gone = Announce(Settings("door"), ["rule_gate"]).GetProperty("components").GetProperty("rule_gate");
        Assert.Equal("""{"platform":"binary_sensor"}""", gone.GetRawText());
    }

    [Fact]
    public void A_rule_with_pictures_is_an_image_too()
    {
        var root = Announce(Settings("door") with { Pictures = new PictureForm(640, 80) }, ["picture_gate"]);
        var picture = root.GetProperty("components").GetProperty("picture_door");
        Assert.Equal("""
            {"platform":"image","unique_id":"box_picture_door","name":"door picture","image_topic":"t/picture/door","content_type":"image/jpeg"}
            """, picture.GetRawText());
        Assert.Equal("""{"platform":"image"}""", root.GetProperty("components").GetProperty("picture_gate").GetRawText());
    }

    [Fact]
    public void Only_the_rules_that_reach_the_output_are_announced()
    {
        RuleSettings[] rules = [Rule("door", "out"), Rule("gate", "other")];
        var named = (MqttSettings)(Settings() with { Feed = SinkBench.Both with { Events = false } }).For(rules, []);
        Assert.Equal([(null, "door")], named.Rules);
        Assert.Equal([(null, "door"), (null, "gate")], ((MqttSettings)Settings().For(rules, [])).Rules); // it is given all events
        Assert.NotEqual(named, named.For([Rule("door", "out"), Rule("new", "out")], [])); // so that a reload announces again
        Assert.Empty(((MqttSettings)(Settings() with { HomeAssistant = null }).For(rules, [])).Rules);
    }

    [Fact]
    public void What_was_announced_is_remembered()
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "announced");
        var announced = new AnnouncedComponents(path);
        Assert.Empty(announced.Under("p/device/box/config"));
        announced.Keep("p/device/box/config", ["rule_a", "rule_b"]);
        Assert.Equal(["rule_a", "rule_b"], announced.Under("p/device/box/config"));
        Assert.Null(announced.FormerTopic("p/device/box/config"));
        Assert.Empty(announced.Under("q/device/box/config"));
        Assert.Equal("p/device/box/config", announced.FormerTopic("q/device/box/config"));
        File.WriteAllBytes(path, [0xFF, 0xFE, 0]);
        Assert.Empty(announced.Under("p/device/box/config"));
    }

    private static JsonElement Announce(MqttSettings settings, string[] gone) =>
        JsonDocument.Parse(HomeAssistant.Announcement(settings, gone)).RootElement;

    private static MqttSettings Settings(params string[] rules) =>
        new("out", "localhost", 1883, false, null, "box", null, null, "t", 1, true, TimeSpan.FromSeconds(30), SinkBench.Both)
        {
            HomeAssistant = "homeassistant",
            Rules = new([.. rules.Select(rule => ((string?)null, rule))]),
        };

    private static RuleSettings Rule(string name, string output) =>
        new(name, new(["x"]), 0.5, 0.5, 1, 1, TimeSpan.Zero, TimeSpan.Zero, new([output]));
}
