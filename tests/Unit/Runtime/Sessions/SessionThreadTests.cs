using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Sessions;

/// <summary>Sessions that several threads use, fork and close.</summary>
public class SessionThreadTests
{
    public static TheoryData<string> Engines => SessionModels.Engines;

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void Forked_sessions_run_at_the_same_time_and_agree_also_when_the_first_is_closed(string engine)
    {
        var graph = RandomNetworks.Make(2);
        var session = SessionModels.Create(graph, engine);
        float[] input = RandomNetworks.Input(graph, 1), expected = new float[session.Outputs[0].Shape.ElementCount];
        session.Run(input, expected);
        var forks = Enumerable.Range(0, 4).Select(_ => session.Fork()).ToArray();
        session.Dispose();
        Parallel.ForEach(forks, fork =>
        {
            Assert.Equal(engine, fork.Engine);
            var output = new float[expected.Length];
            for (int i = 0; i < 50; i++)
            {
                fork.Run(input, output);
                Assert.Equal(expected, output);
            }

            fork.Dispose();
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void Calls_of_several_threads_take_turns_with_all_their_inputs_and_outputs(string engine)
    {
        using var session = SessionModels.Create(SessionModels.SumAndDifference(), engine);
        Parallel.For(0, 400, i =>
        {
            float[] a = [.. Enumerable.Range(0, 6).Select(k => (float)(i + k))], b = [.. Enumerable.Range(0, 6).Select(k => (float)(i * k))];
            float[] sum = new float[6], difference = new float[6];
            using (var call = session.Begin())
            {
                call.Input("a", a);
                call.Input("b", b);
                call.Run();
                call.Output("sum", sum);
                call.Output("difference", difference);
            }

            Assert.Equal(a.Zip(b, (x, y) => x + y), sum);
            Assert.Equal(a.Zip(b, (x, y) => x - y), difference);
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void Closing_a_session_that_others_run_ends_each_of_them_between_two_calls(string engine)
    {
        for (int round = 0; round < 20; round++)
        {
            using var session = SessionModels.Create(SessionModels.Positive(), engine);
            using var running = new CountdownEvent(2);
            var threads = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                float[] x = [1, -2, 3, -4], y = new float[4];
                session.Run(x, y);
                running.Signal();
                while (true)
                {
                    y.AsSpan().Clear();
                    session.Run(x, y);
                    Assert.Equal([1, 0, 3, 0], y);
                }
            })).ToArray();
            running.Wait();
            session.Dispose();
            Assert.All(threads, thread => Assert.IsType<ObjectDisposedException>(Assert.Throws<AggregateException>(thread.Wait).InnerException));
        }
    }

    [Fact]
    public void A_closed_session_says_so()
    {
        var session = Session.Create(SessionModels.Positive());
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(new float[4], new float[4]));
        Assert.Throws<ObjectDisposedException>(() => session.Begin().Dispose());
        Assert.Throws<ObjectDisposedException>(session.Fork);
        Assert.Equal("x", session.Inputs[0].Name);
    }

    [Fact]
    public void A_session_closed_within_a_call_of_its_own_thread_takes_the_call_with_it()
    {
        var session = Session.Create(SessionModels.Positive());
        using var call = session.Begin();
        call.Input<float>("x", new float[4]);
        session.Dispose();
        try
        {
            call.Run();
            Assert.Fail("a closed session ran");
        }
        catch (ObjectDisposedException)
        {
        }
    }

    [Fact]
    public void A_call_that_waited_for_a_session_that_is_closed_meanwhile_is_refused()
    {
        var session = Session.Create(SessionModels.Positive());
        var call = session.Begin();
        using var started = new ManualResetEventSlim();
        var waiting = Task.Run(() =>
        {
            started.Set();
            session.Run(new float[4], new float[4]);
        });
        started.Wait();
        session.Dispose();
        call.Dispose();
        Assert.IsType<ObjectDisposedException>(Assert.Throws<AggregateException>(waiting.Wait).InnerException);
    }

    [SkippableTheory]
    [InlineData("fused", false)]
    [InlineData("fused", true)]
    [InlineData("onnxruntime", false)]
    [InlineData("onnxruntime", true)]
    public void No_call_allocates_after_the_first(string engine, bool isForked)
    {
        using var one = SessionModels.Create(SessionModels.Positive(), engine);
        using var types = SessionModels.Create(SessionModels.TransposedTypes(), engine);
        using Session oneFork = one.Fork(), typesFork = types.Fork();
        var (single, several) = isForked ? (oneFork, typesFork) : (one, types);
        var (floats, bytes, sbytes, ints, longs, bools) = (new float[6], new byte[6], new sbyte[6], new int[6], new long[6], new bool[6]);
        var (halves, doubles, shorts, words, uints, ulongs) = (new Half[6], new double[6], new short[6], new ushort[6], new uint[6], new ulong[6]);
        float[] x = new float[4], y = new float[4];
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            single.Run(x, y);
            using var call = several.Begin();
            call.Input<float>("Float32", floats);
            call.Input<byte>("UInt8", bytes);
            call.Input<sbyte>(2, sbytes);
            call.Input<int>("Int32", ints);
            call.Input<long>("Int64", longs);
            call.Input<bool>(5, bools);
            call.Input<Half>("Float16", halves);
            call.Input<double>("Float64", doubles);
            call.Input<short>("Int16", shorts);
            call.Input<ushort>("UInt16", words);
            call.Input<uint>("UInt32", uints);
            call.Input<ulong>("UInt64", ulongs);
            call.Run();
            call.Output<Half>("TFloat16", halves);
            call.Output<double>("TFloat64", doubles);
            call.Output<float>("TFloat32", floats);
            call.Output<byte>(1, bytes);
            call.Output<sbyte>("TInt8", sbytes);
            call.Output<int>("TInt32", ints);
            call.Output<long>(4, longs);
            call.Output<bool>("TBool", bools);
        }
    }
}
