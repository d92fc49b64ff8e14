using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Engines;
using ResNetEdge.Packages;
using ResNetEdge.Service;
using ResNetEdge.Service.Flow;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Rules;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>Two threads may turn rules off, the frame thread and a timer: neither waits for the other, and what one has decided stands.</summary>
public sealed class DecisionsTests : IDisposable
{
    private static readonly RuleSettings Lit = new("lit", new(["bright"]), 0.8, 0.8, 1, 1, TimeSpan.Zero, TimeSpan.Zero, new(["lamp"]));
    private readonly TempFolder _folder = new();
    private readonly StringWriter _text = new();
    private readonly FakeTime _time = new();
    private readonly Package _package;
    private readonly ModelRunner _runner;
    private readonly OutputSet _outputs;
    private readonly FrameResult _bright;
    private readonly Decisions _decisions;

    public DecisionsTests()
    {
        BrightOrDark.Write(_folder["model"], version: 1);
        _package = Package.Open(_folder["model"]);
        _runner = new ModelRunner(_package, 0, FusedEngine.EngineName, new EngineOptions { Threads = 1 });
        var log = new Log(TextWriter.Synchronized(_text), _time, isJournal: true);
        _outputs = new OutputSet(new SinkContext(_time, log, _folder.Path));
        _decisions = new Decisions(new RuleEngine([Lit], _runner.Task), _outputs, _time, log);
        _bright = new FrameResult(_runner.Task.NewResult()) { Frame = 1, DoneTime = _time.Now };
        Array.Fill(((ClassificationResult)_bright.Answer).Probabilities, 0.9f);
    }

    private bool IsLit => Assert.Single(_decisions.RuleStatuses).IsOn;

    public void Dispose()
    {
        _outputs.Dispose();
        _bright.Dispose();
        _runner.Dispose();
        _package.Dispose();
        _text.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Only_the_first_frame_after_a_blind_time_says_that_frames_flow()
    {
        Assert.Equal(ServicePhase.Starting, _decisions.Phase);
        Assert.Equal((true, false), (_decisions.Decide(_bright), _decisions.Decide(_bright)));
        Assert.Equal((ServicePhase.Running, true), (_decisions.Phase, IsLit));
        Assert.Equal((true, false), (_decisions.GoBlind(), _decisions.GoBlind()));
        Assert.Equal((ServicePhase.Blind, false, null), (_decisions.Phase, IsLit, _decisions.Standstill));
        Assert.True(_decisions.Decide(_bright));
    }

    [Fact]
    public void A_standstill_turns_rules_off_once_and_is_forgotten_when_frames_flow()
    {
        Assert.False(_decisions.TryGoBlind(() => "it hangs")); // nothing was decided yet
        _decisions.Decide(_bright);
        Assert.False(_decisions.TryGoBlind(() => null));
        Assert.True(IsLit);
        Assert.True(_decisions.TryGoBlind(() => "it hangs"));
        Assert.Equal((ServicePhase.Blind, false, "it hangs"), (_decisions.Phase, IsLit, _decisions.Standstill));
        Assert.False(_decisions.TryGoBlind(() => "it hangs"));
        _decisions.Decide(_bright);
        Assert.Equal((ServicePhase.Running, true, null), (_decisions.Phase, IsLit, _decisions.Standstill));
    }

    [Fact]
    public void A_standstill_that_is_over_when_it_is_looked_at_again_turns_nothing_off()
    {
        _decisions.Decide(_bright);
        int looks = 0;
        Assert.False(_decisions.TryGoBlind(() => looks++ == 0 ? "it hangs" : null));
        Assert.Equal((2, ServicePhase.Running, true), (looks, _decisions.Phase, IsLit));
    }

    [Fact]
    public void A_service_that_stops_does_not_become_blind()
    {
        _decisions.Decide(_bright);
        _decisions.Stop();
        Assert.False(_decisions.TryGoBlind(() => "it hangs"));
        Assert.Equal((ServicePhase.Stopping, false), (_decisions.Phase, IsLit));
        Assert.Contains("reason=stopped", _text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_are_turned_off_while_an_output_takes_long_to_open_and_it_hears_of_no_rule_that_is_on()
    {
        _decisions.Decide(_bright);
        var lamp = new Lamp();
        bool turnedOff = false;
        Decisions.TakeOver([_decisions], [Lit], [new LampSettings(() =>
        {
            // As the timer does, on a thread of its own, while the frame thread is in here.
            var timer = new Thread(() => turnedOff = _decisions.TryGoBlind(() => "it hangs"));
            timer.Start();
            timer.Join();
            return lamp;
        })], [_runner]);
        Assert.Equal((true, ServicePhase.Blind, false), (turnedOff, _decisions.Phase, IsLit));
        Assert.Empty(lamp.Changes);
        _decisions.Decide(_bright);
        Assert.Equal([("lit", true)], lamp.Changes.Select(c => (c.Rule, c.IsOn)));
    }

    [Fact]
    public void An_output_that_is_new_hears_of_rules_that_are_on()
    {
        _decisions.Decide(_bright);
        var lamp = new Lamp();
        Decisions.TakeOver([_decisions], [Lit], [new LampSettings(() => lamp)], [_runner]);
        Assert.Equal([("lit", true, "reloaded")], lamp.Changes.Select(c => (c.Rule, c.IsOn, c.Reason)));
        Assert.True(IsLit);
    }

    [Fact]
    public void Rules_stay_as_they_are_when_an_output_cannot_be_opened()
    {
        _decisions.Decide(_bright);
        var refusal = EdgeException.Unavailable("there is no lamp");
        Assert.Same(refusal, Assert.Throws<EdgeException>(
            () => Decisions.TakeOver([_decisions], [Lit], [new LampSettings(() => throw refusal)], [_runner])));
        Assert.True(IsLit);
    }

    private sealed record LampSettings(Func<ISink> Opening) : SinkSettings("lamp", "lamp")
    {
        public override ISink Open(SinkContext context) => Opening();
    }

    private sealed class Lamp : ISink
    {
        public List<RuleEvent> Changes { get; } = [];

        public SinkSettings Settings { get; } = new LampSettings(() => throw new InvalidOperationException());

        public SinkStatus Status => new("lamp", "lamp", 0, 0, 0, 0, 0, null);

        public void Accept(FrameResult result)
        {
        }

        public void Accept(in RuleEvent change) => Changes.Add(change);

        public void Dispose()
        {
        }
    }
}
