using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Configuration;

/// <summary>The whole file: what it means, and every problem at once with its line.</summary>
public class ServiceConfigurationTests
{
    private const string Least = "model:\n  package: /m\ncamera:\n  device: /dev/video0\n";

    [Fact]
    public void The_least_configuration_is_a_model_and_a_camera()
    {
        var configuration = Read(Least);
        Assert.Equal(
            ("/m", "/dev/video0", (System.Net.IPEndPoint?)null),
            (configuration.Model.Package, Assert.Single(configuration.Cameras).Request.Device.Whole, configuration.Watch.Listen));
        Assert.Empty(configuration.Rules);
        Assert.Null(configuration.Budget.Latency);
    }

    [Theory]
    [InlineData("a/b", "a_b", true)]
    [InlineData("a+b", "a#b", true)]
    [InlineData("a/b", "a.b", false)]
    public void Rules_that_would_share_an_mqtt_topic_are_told(string one, string other, bool isProblem)
    {
        string rules = $"rules:\n  - {{name: '{one}', label: x, threshold: 0.5}}\n  - {{name: '{other}', label: x, threshold: 0.5}}\n";
        Assert.Equal(2, Read(Least + rules).Rules.Count); // without such an output they may be called so
        string text = Least + rules + "outputs:\n  - {name: broker, type: mqtt, host: localhost}\n";
        if (!isProblem) Assert.Equal(2, Read(text).Rules.Count);
        else
            Assert.Contains(
                $"7: rule '{other}' would have the same MQTT topic as rule '{one}'", Assert.Throws<EdgeException>(() => Read(text)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("active: sunset-sunrise", "", "5: rule 'a' needs 'latitude' and 'longitude' to know when the sun rises and sets")]
    [InlineData("active: sunset-sunrise", "latitude: 52.5\n", "'latitude' needs both 'latitude' and 'longitude'")]
    [InlineData("armed_by: {output: brokr, topic: t, states: x}", "outputs: [{name: broker, type: mqtt, host: h}]\n",
        "5: rule 'a' is armed by 'brokr', which is not an output of type mqtt; did you mean 'broker'?")]
    [InlineData("armed_by: {output: lines, topic: t, states: x}", "outputs: [{name: lines, type: json_lines}]\n",
        "5: rule 'a' is armed by 'lines', which is not an output of type mqtt; there is none")]
    public void What_a_rule_needs_of_others_is_told(string rule, string more, string sentence)
    {
        string text = $"{Least}rules: [{{name: a, label: x, threshold: 0.5, {rule}}}]\n{more}";
        Assert.Contains(sentence, Refused(text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_of_the_sun_knows_where_it_is()
    {
        var rule = Assert.Single(Read(
            $"{Least}latitude: 52.5\nlongitude: 13.4\nrules: [{{name: a, label: x, threshold: 0.5, active: sunset-sunrise}}]\n").Rules);
        Assert.Equal((52.5, 13.4), (rule.Active.Position.Latitude, rule.Active.Position.Longitude));
    }

    [Theory]
    [InlineData("picture_width: 320", "'outputs[0].picture_width' needs 'picture'")]
    [InlineData("fields: [a=b]", "'outputs[0].fields' needs 'picture'")]
    [InlineData("picture: body, picture_part: photo", "'outputs[0].picture_part' needs 'picture: true'")]
    [InlineData("picture: true, picture_part: 'a\"b'", "'outputs[0].picture_part' must be of letters, digits, - and _")]
    [InlineData("picture: true, fields: ['caption={what}']", "contains the unknown word '{what}'; known words: rule, label, percent, time, sentence")]
    [InlineData("picture: true, fields: [caption]", "must be a list of name=text")]
    [InlineData("picture: body, fields: ['Host=example.org']", "cannot set the header 'Host', which the output sets itself")]
    [InlineData("picture: true, picture_width: 4000", "'outputs[0].picture_width' must be an integer from 64 to 1920, not '4000'")]
    [InlineData("picture: maybe", "'outputs[0].picture' must be one of false, true, body, not 'maybe'")]
    public void Pictures_that_cannot_be_sent_are_told(string settings, string sentence) => Assert.Contains(
        sentence, Refused($"{Least}outputs: [{{name: a, type: webhook, url: 'http://h/', {settings}}}]\n"), StringComparison.Ordinal);

    [Fact]
    public void Every_problem_is_told_with_its_line()
    {
        string text = """
            model:
              pakage: /m
              threads: many
            camera:
              device: /dev/video0
              width: 640
              stall_timeout_s: 0
            rules:
              - name: a
                label: x
                threshold: 2
              - name: a
                label: x
                threshold: 0.5
                actions: [lamp]
            outputs:
              - name: lamp
                type: lava
            """;
        string[] lines = Refused(text).Split('\n');
        string[] begin =
        [
            "f:2: unknown setting 'pakage' in 'model'; did you mean 'package'?",
            "f:2: 'model.package' is missing",
            "f:3: 'model.threads' must be an integer from 1 to 64, not 'many'",
            "f:6: 'camera.width' needs the other side too",
            "f:7: 'camera.stall_timeout_s' must be a number from 0.1 to 3600, not '0'",
            "f:11: 'rules[0].threshold' must be a number from 0 to 1, not '2'",
            "f:12: rule 'a' occurs twice, first in line 9",
            "f:15: rule 'a' names the unknown output 'lamp'",
            "f:17: 'outputs[0].type' must be one of",
        ];
        Assert.Equal(begin.Length, lines.Length);
        Assert.All(begin.Zip(lines), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("watch: /m\n", "'watch' must be a section with its own settings, not '/m'")]
    [InlineData("rules: none\n", "'rules' must be a list of at most 64 sections, each starting with '-', not 'none'")]
    [InlineData("rules:\n  - bright\n", "'rules[0]' must be a section")]
    [InlineData("budget:\n  latency_ms: '5'\n", "must be a number from 0.01 to 3600000, not '5'")]
    [InlineData("budget:\n  misses: 31\n", "is more than the 30 frames of 'window'")]
    [InlineData("state_folder: [a]\n", "'state_folder' must be text, not a list")]
    [InlineData("state_folder: \"a\\tb\"\n", "contains a control character")]
    public void A_value_of_the_wrong_kind_is_refused(string more, string says) =>
        Assert.Contains(says, Refused(more + Least), StringComparison.Ordinal);

    [Theory]
    [InlineData("camera:\n  device: x\n  width: -1\n  height: 5\n", "'camera.width' must be an integer")]
    [InlineData("budget:\n  misses: many\n" + "camera:\n  device: x\n", "'budget.misses' must be an integer")]
    public void A_value_that_others_are_compared_with_is_told_once(string more, string says)
    {
        string[] told = Refused("model:\n  package: /m\n" + more).Split('\n');
        Assert.Single(told, line => line.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_are_equal_when_the_file_says_the_same()
    {
        var a = Read(Least + "rules:\n  - name: a\n    label: [x, y]\n    threshold: 0.5\n");
        var b = Read("# moved\n\n" + Least + "rules:\n  - {name: a, label: [x, y], threshold: 0.50}\n");
        Assert.Equal(a.Rules, b.Rules);
        Assert.Equal((a.Model, a.Cameras[0], a.Budget, a.Watch), (b.Model, b.Cameras[0], b.Budget, b.Watch));
    }

    private static ServiceConfiguration Read(string text) => ServiceConfiguration.From(YamlTree.Parse(text, "f"), "f");

    private static string Refused(string text)
    {
        var refusal = Assert.Throws<EdgeException>(() => Read(text));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        return refusal.Message;
    }
}
