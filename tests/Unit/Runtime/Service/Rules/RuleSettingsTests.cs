using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Rules;

public class RuleSettingsTests
{
    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var rule = Assert.Single(Read("""
            rules:
              - name: door
                label: [cat, dog]
                threshold: 0.8
                release: 0.5
                frames: 3
                of: 5
                hold_ms: 1500
                quiet_ms: 250
                actions: [lamp, hook]
            """, "lamp", "hook"));
        Assert.Equal(new RuleSettings("door", new(["cat", "dog"]), 0.8, 0.5, 3, 5, TimeSpan.FromMilliseconds(1500), TimeSpan.FromMilliseconds(250),
            new(["lamp", "hook"])), rule);
        Assert.Equal((2, 10), (rule.NameLine.Number, rule.ActionsLine.Number));
    }

    [Fact]
    public void What_is_left_out_stands_as_documented()
    {
        var rule = Assert.Single(Read("rules:\n - {name: a, label: cat, threshold: 0.7, frames: 4}"));
        Assert.Equal(new RuleSettings("a", new(["cat"]), 0.7, 0.7, 4, 4, TimeSpan.Zero, TimeSpan.Zero, new([])), rule);
    }

    [Theory]
    [InlineData("name: a, threshold: 0.5", "f:2: 'rules[0].label' is missing: ")]
    [InlineData("name: a, label: cat", "f:2: 'rules[0].threshold' is missing: ")]
    [InlineData("name: a, label: cat, threshold: 0.5, release: 0.6", "f:2: 'rules[0].release' is above threshold: 0.6 > 0.5; ")]
    [InlineData("name: a, label: cat, threshold: 0.5, frames: 5, of: 3", "f:2: 'rules[0].of' is below frames: 3 < 5; ")]
    [InlineData("name: a, label: cat, threshold: NaN", "f:2: 'rules[0].threshold' must be a number from 0 to 1, not 'NaN'")]
    [InlineData("name: a, label: cat, threshold: 0.5, of: 65", "f:2: 'rules[0].of' must be an integer from 1 to 64, not '65'")]
    [InlineData("name: a, label: cat, threshold: 0.5, actions: lmp", "f:2: rule 'a' names the unknown output 'lmp'; did you mean 'lamp'?")]
    [InlineData("name: a, label: cat, threshold: 0.5, active: 'noon'", "f:2: 'rules[0].active' must be periods such as 'mon-fri 08:00-18:00', ")]
    [InlineData("name: a, label: cat, threshold: 0.5, at_most: 5", "f:2: 'rules[0].at_most' must be 1 to 1000 per minute, hour or day, ")]
    [InlineData("name: a, label: cat, threshold: 0.5, at_most: 0 per day", "f:2: 'rules[0].at_most' must be 1 to 1000 per minute, hour or day, ")]
    [InlineData("name: a, label: cat, threshold: 0.5, armed_by: {output: b, topic: 'a/#', states: x}",
        "f:2: 'rules[0].armed_by.topic' must be one topic, without + and #, ")]
    [InlineData("name: a, label: cat, threshold: 0.5, armed_by: {output: b, topic: t}", "f:2: 'rules[0].armed_by.states' is missing: ")]
    [InlineData("name: a, label: cat, threshold: 0.5}\n - {name: a, label: dog, threshold: 0.5", "f:3: rule 'a' occurs twice, first in line 2")]
    public void What_cannot_be_is_refused_with_its_line(string rule, string sentence)
    {
        var e = Assert.Throws<EdgeException>(() => Read($"rules:\n - {{{rule}}}", "lamp", "hook"));
        Assert.StartsWith(sentence, e.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.BadInput, e.Kind);
    }

    [Fact]
    public void Times_arming_and_limits_are_read()
    {
        var rule = Assert.Single(Read("""
            rules:
              - name: door
                label: cat
                threshold: 0.8
                active: ['mon-fri 08:00-18:00', sunset-sunrise]
                at_most: 5 per hour
                armed_by:
                  output: broker
                  topic: home/alarm
                  states: [armed_away, armed_night]
                  unheard: armed
            """));
        Assert.Equal(["mon-fri 08:00-18:00", "sunset-sunrise"], rule.Active.Periods.Select(p => p.Text));
        Assert.True(rule.Active.NeedsPosition);
        Assert.Equal(new AtMost(5, TimeSpan.FromHours(1)), rule.AtMost);
        Assert.Equal(new ArmedBySettings("broker", "home/alarm", new(["armed_away", "armed_night"]), true), rule.ArmedBy);
    }

    [Fact]
    public void Equal_is_what_says_the_same_wherever_it_stands()
    {
        const string Rule = " - {name: a, label: [cat, dog], threshold: 0.5, actions: [lamp]}";
        var (here, there) = (Assert.Single(Read("rules:\n" + Rule, "lamp")), Assert.Single(Read("rules:\n\n\n" + Rule, "lamp")));
        Assert.Equal(here, there);
        Assert.Equal(here.GetHashCode(), there.GetHashCode());
        Assert.NotEqual(here, there with { Labels = new(["dog", "cat", "cow"]) });
    }

    private static IReadOnlyList<RuleSettings> Read(string yaml, params string[] outputs)
    {
        var setting = Settings.List("rules", RuleSettings.Schema, RuleSettings.Read);
        var place = new Place("f", "", []);
        var rules = new Section(YamlTree.Parse(yaml, "f"), place, new Schema("", "", [setting])).Get(setting);
        RuleSettings.Check(rules, outputs, place);
        place.ThrowIfAny();
        return rules;
    }
}
