using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Runtime;

public class SessionTests
{
    [Fact]
    public void Forked_sessions_run_at_the_same_time_and_agree()
    {
        var graph = RandomNetworks.Make(2);
        var session = Session.Create(graph);
        float[] input = RandomNetworks.Input(graph, 1), expected = new float[session.Outputs[0].Shape.ElementCount];
        session.Run(input, expected);
        var forks = Enumerable.Range(0, 4).Select(_ => session.Fork()).ToArray();
        session.Dispose();
        Parallel.ForEach(forks, fork =>
        {
            var output = new float[expected.Length];
            for (int i = 0; i < 50; i++)
            {
                fork.Run(input, output);
                Assert.Equal(expected, output);
            }

            fork.Dispose();
        });
    }

    [Fact]
    public void Calls_from_several_threads_take_turns()
    {
        var graph = RandomNetworks.Make(4);
        using var session = Session.Create(graph);
        float[][] inputs = [.. Enumerable.Range(0, 4).Select(i => RandomNetworks.Input(graph, i))];
        float[][] expected = [.. inputs.Select(x => Run(session, x))];
        Parallel.For(0, 200, i => Assert.Equal(expected[i % 4], Run(session, inputs[i % 4])));
    }

    [Fact]
    public void A_closed_session_says_so()
    {
        var graph = RandomNetworks.Make(4);
        var session = Session.Create(graph);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(RandomNetworks.Input(graph, 0), new float[1]));
    }

    private static float[] Run(Session session, float[] input)
    {
        var output = new float[session.Outputs[0].Shape.ElementCount];
        session.Run(input, output);
        return output;
    }
}
