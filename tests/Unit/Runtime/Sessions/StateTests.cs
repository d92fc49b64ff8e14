using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Sessions;

/// <summary>Streaming networks whose states a session keeps, on every engine alike.</summary>
public class StateTests
{
    private const int Steps = 7, Inputs = StreamingModels.Inputs, Hidden = StreamingModels.Hidden;

    public static TheoryData<string> Engines => SessionModels.Engines;

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void A_stream_gives_what_the_whole_sequence_gives(string engine)
    {
        float[] sound = StreamingModels.Sound(Steps), expected = Whole(sound, engine);
        using var session = Streaming(engine);
        Assert.Equal(["x"], session.Inputs.Select(static i => i.Name));
        Assert.Equal(["y"], session.Outputs.Select(static o => o.Name));
        for (int stream = 0; stream < 2; stream++)
        {
            AssertClose(expected, Stream(session, sound));
            session.ResetStates();
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void A_fork_has_states_of_its_own_that_begin_at_0(string engine)
    {
        float[] sound = StreamingModels.Sound(Steps), expected = Whole(sound, engine), half = new float[Hidden];
        using var session = Streaming(engine);
        session.Run<float, float>(sound.AsSpan(0, Inputs), half);
        using var fork = session.Fork();
        AssertClose(expected, Stream(fork, sound));
        AssertClose(expected[Hidden..], Stream(session, sound[Inputs..]));
    }

    [Fact]
    public void A_call_may_begin_another_stream()
    {
        float[] sound = StreamingModels.Sound(1), first = new float[Hidden], again = new float[Hidden];
        using var session = Streaming("fused");
        using var call = session.Begin();
        foreach (float[] y in new[] { first, again })
        {
            call.ResetStates();
            call.Input<float>("x", sound);
            call.Run();
            call.Output<float>("y", y);
        }

        Assert.Equal(first, again);
    }

    [Fact]
    public void Keeping_states_allocates_nothing()
    {
        float[] sound = StreamingModels.Sound(1), y = new float[Hidden];
        using var session = Streaming("fused");
        session.Run<float, float>(sound, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            session.Run<float, float>(sound, y);
            session.ResetStates();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_network_without_states_may_be_reset()
    {
        using var session = Session.Create(SessionModels.Positive());
        session.ResetStates();
    }

    [Theory]
    [InlineData("hidden", "h_in", "a state names the unknown output 'hidden'; known: 'y', 'h_out'")]
    [InlineData("h_out", "h_im", "a state names the unknown input 'h_im'; did you mean 'h_in'?")]
    [InlineData("h_out", "x", "output 'h_out' is Float32[1x1x5] and cannot be the state of input 'x', which is Float32[1x1x3]; "
        + "a state keeps its type and shape from run to run")]
    public void A_state_that_does_not_fit_is_refused(string output, string input, string expected)
    {
        var options = new SessionOptions { States = [new(output, input)] };
        var failure = Assert.Throws<EdgeException>(() => Session.Create(StreamingModels.Gru(1, true), options));
        Assert.Equal((FailureKind.Usage, expected), (failure.Kind, failure.Message));
    }

    [Fact]
    public void A_name_is_the_state_of_one_pair()
    {
        var options = new SessionOptions { States = [.. StreamingModels.States, .. StreamingModels.States] };
        var failure = Assert.Throws<EdgeException>(() => Session.Create(StreamingModels.Gru(1, true), options));
        Assert.Equal("input 'h_in' is named for two states", failure.Message);
    }

    private static Session Streaming(string engine)
    {
        SessionModels.NeedsEngine(engine);
        return Session.Create(StreamingModels.Gru(1, true), new SessionOptions { Engine = engine, States = StreamingModels.States });
    }

    private static float[] Whole(float[] sound, string engine)
    {
        using var session = SessionModels.Create(StreamingModels.Gru(Steps, false), engine);
        float[] y = new float[Steps * Hidden];
        session.Run<float, float>(sound, y);
        return y;
    }

    private static float[] Stream(Session session, float[] sound)
    {
        float[] y = new float[sound.Length / Inputs * Hidden];
        for (int step = 0; step < sound.Length / Inputs; step++)
            session.Run<float, float>(sound.AsSpan(step * Inputs, Inputs), y.AsSpan(step * Hidden, Hidden));
        return y;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6f);
    }
}
