using ResNetEdge.Tests.Unit.Runtime.Packages;

namespace ResNetEdge.Tests.Unit.Runtime.Sessions;

/// <summary>What a caller gives and takes, on every engine alike.</summary>
public class SessionCallTests
{
    private static readonly float[] A = [1, 2, 3, 4, 5, 6], B = [0.5f, -1, 7, 0, 2, -6];

    public static TheoryData<string> Engines => SessionModels.Engines;

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void Names_and_numbers_mean_the_same_inputs_and_outputs(string engine)
    {
        using var session = SessionModels.Create(SessionModels.SumAndDifference(), engine);
        float[] byName = new float[6], byNumber = new float[6];
        using (var call = session.Begin())
        {
            call.Input("b", B);
            call.Input("a", A);
            call.Run();
            call.Output("difference", byName);
        }

        using (var call = session.Begin())
        {
            call.Input(0, A);
            call.Input(1, B);
            call.Run();
            call.Output(1, byNumber);
        }

        Assert.Equal([0.5f, 3, -4, 4, 3, 12], byName);
        Assert.Equal(byName, byNumber);
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void Every_element_type_goes_in_and_comes_out(string engine)
    {
        using var session = SessionModels.Create(SessionModels.TransposedTypes(), engine);
        Assert.Equal(SessionModels.Types, session.Inputs.Select(input => input.Type));
        using var call = session.Begin();
        call.Input<float>("Float32", [1.5f, 2, float.NegativeInfinity, 4, 5, 6]);
        call.Input<byte>("UInt8", [1, 2, 3, 255, 5, 6]);
        call.Input<sbyte>("Int8", [1, -128, 3, 4, 127, 6]);
        call.Input<int>("Int32", [1, 2, int.MinValue, 4, 5, 6]);
        call.Input<long>("Int64", [1, 2, 3, long.MaxValue, 5, 6]);
        call.Input<bool>("Bool", [true, true, false, false, false, true]);
        call.Input<Half>("Float16", [Half.MaxValue, (Half)2, (Half)3, (Half)4, (Half)5, Half.NegativeInfinity]);
        call.Input<double>("Float64", [0.5, 2, 3, 4, 5, double.PositiveInfinity]);
        call.Input<short>("Int16", [1, 2, 3, short.MinValue, 5, 6]);
        call.Input<ushort>("UInt16", [1, 2, 3, ushort.MaxValue, 5, 6]);
        call.Input<uint>("UInt32", [1, 2, 3, uint.MaxValue, 5, 6]);
        call.Input<ulong>("UInt64", [1, 2, 3, ulong.MaxValue, 5, 6]);
        call.Run();
        Assert.Equal([Half.MaxValue, (Half)4, (Half)2, (Half)5, (Half)3, Half.NegativeInfinity], Output<Half>(call, "TFloat16"));
        Assert.Equal([0.5, 4, 2, 5, 3, double.PositiveInfinity], Output<double>(call, "TFloat64"));
        Assert.Equal([1, short.MinValue, 2, 5, 3, 6], Output<short>(call, "TInt16"));
        Assert.Equal([1, ushort.MaxValue, 2, 5, 3, 6], Output<ushort>(call, "TUInt16"));
        Assert.Equal([1, uint.MaxValue, 2, 5, 3, 6], Output<uint>(call, "TUInt32"));
        Assert.Equal([1, ulong.MaxValue, 2, 5, 3, 6], Output<ulong>(call, "TUInt64"));
        Assert.Equal([1.5f, 4, 2, 5, float.NegativeInfinity, 6], Output<float>(call, "TFloat32"));
        Assert.Equal([1, 255, 2, 5, 3, 6], Output<byte>(call, "TUInt8"));
        Assert.Equal([1, 4, -128, 127, 3, 6], Output<sbyte>(call, "TInt8"));
        Assert.Equal([1, 4, 2, 5, int.MinValue, 6], Output<int>(call, "TInt32"));
        Assert.Equal([1, long.MaxValue, 2, 5, 3, 6], Output<long>(call, "TInt64"));
        Assert.Equal([true, false, true, false, false, true], Output<bool>(call, "TBool"));
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void Wrong_spans_and_names_are_told_with_what_was_expected_and_given(string engine)
    {
        using var session = SessionModels.Create(SessionModels.SumAndDifference(), engine);
        const string what = "is Float32[2x3], 6 values of Float32; a span of";
        Refused($"input 'a' {what} 5 values of Float32 was given", static call => call.Input<float>("a", new float[5]));
        Refused($"input 'b' {what} 6 values of Int32 was given", static call => call.Input<int>(1, new int[6]));
        Refused("a span of 6 values of Char was given", static call => call.Input<char>("a", new char[6]));
        Refused("unknown input 'sum' of the network; known: 'a', 'b'", static call => call.Input<float>("sum", new float[6]));
        Refused("unknown output 'sun' of the network; did you mean 'sum'?", static call => call.Output<float>("sun", new float[6]));
        Refused("the network has 2 inputs, numbered from 0", static call => call.Input<float>(2, new float[6]));
        Refused("the network has 2 outputs, numbered from 0", static call => call.Output<float>(-1, new float[6]));
        Refused($"output 'sum' {what} 7 values of Float32 was given", static call => call.Output<float>("sum", new float[7]));

        void Refused(string expected, Action<CallBox> use)
        {
            var e = Assert.ThrowsAny<ArgumentException>(() => CallBox.Run(session, use));
            Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void A_run_without_every_input_is_refused_also_the_second_time(string engine)
    {
        using var session = SessionModels.Create(SessionModels.SumAndDifference(), engine);
        Assert.Contains("input 'b' (Float32[2x3]) was not given", Refusal(session, static call => Give(call, "a")), StringComparison.Ordinal);
        Assert.Contains("input 'a' (Float32[2x3]) was not given", Refusal(session, static call => Give(call, "b")), StringComparison.Ordinal);
        Assert.Contains("input 'a' (Float32[2x3]) was not given", Refusal(session, static call =>
        {
            call.Input<float>("a", A);
            call.Input<float>("b", B);
            call.Run();
            call.Run();
        }), StringComparison.Ordinal);

        static void Give(CallBox call, string name)
        {
            call.Input<float>(name, A);
            call.Run();
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void An_output_is_there_only_after_the_run_on_its_inputs(string engine)
    {
        using var session = SessionModels.Create(SessionModels.Positive(), engine);
        const string expected = "output 'y' is not available before the call has run";
        Assert.Contains(expected, Refusal(session, static call => call.Output<float>("y", new float[4])), StringComparison.Ordinal);
        Assert.Contains(expected, Refusal(session, static call =>
        {
            call.Input<float>("x", new float[4]);
            call.Run();
            call.Input<float>("x", new float[4]);
            call.Output<float>("y", new float[4]);
        }), StringComparison.Ordinal);
        session.Run<float, float>(new float[4], new float[4]);
        Assert.Contains(expected, Refusal(session, static call => call.Output<float>("y", new float[4])), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void One_call_runs_as_often_as_its_inputs_are_given(string engine)
    {
        using var session = SessionModels.Create(SessionModels.Positive(), engine);
        using var call = session.Begin();
        for (int i = 1; i <= 3; i++)
        {
            var y = new float[4];
            call.Input<float>("x", [i, -i, 0, 2 * i]);
            call.Run();
            call.Output("y", y);
            Assert.Equal([i, 0, 0, 2 * i], y);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void One_input_and_one_output_need_no_names(string engine)
    {
        using var session = SessionModels.Create(SessionModels.Positive(), engine);
        float[] x = [1, -2, 3, -4], y = new float[4];
        session.Run(x, y);
        Assert.Equal([1, 0, 3, 0], y);
        Assert.Contains("a span of 3 values", Assert.Throws<ArgumentException>(() => session.Run(x, new float[3])).Message, StringComparison.Ordinal);
        Assert.Contains("4 values of Int32", Assert.Throws<ArgumentException>(() => session.Run(new int[4], y)).Message, StringComparison.Ordinal);

        using var two = SessionModels.Create(SessionModels.SumAndDifference(), engine);
        Assert.Contains("has 2 inputs and 2 outputs", Assert.Throws<ArgumentException>(() => two.Run(A, B)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_call_of_the_same_thread_is_refused_and_the_first_goes_on()
    {
        using var session = Session.Create(SessionModels.Positive());
        using var call = session.Begin();
        float[] x = [1, -2, 3, -4], y = new float[4];
        call.Input<float>("x", x);
        var e = Assert.Throws<InvalidOperationException>(() => session.Begin().Dispose());
        Assert.Contains("has not ended", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => session.Run(x, y));
        call.Run();
        call.Output("y", y);
        Assert.Equal([1, 0, 3, 0], y);
    }

    [Fact]
    public void An_ended_call_and_its_copies_reach_nothing()
    {
        using var session = Session.Create(SessionModels.Positive());
        var call = session.Begin();
        var copy = call;
        call.Dispose();
        copy.Dispose();
        AssertEnded(copy);
        using var next = session.Begin();
        copy.Dispose(); // must not end the next one
        AssertEnded(copy);
        next.Input<float>("x", new float[4]);
        next.Run();

        static void AssertEnded(SessionCall ended)
        {
            try
            {
                ended.Input<float>("x", new float[4]);
                Assert.Fail("an ended call took an input");
            }
            catch (ObjectDisposedException)
            {
            }
        }
    }

    [Fact]
    public void A_call_that_no_session_began_says_so()
    {
        SessionCall call = default;
        call.Dispose();
        try
        {
            call.Run();
            Assert.Fail("a call without a session ran");
        }
        catch (InvalidOperationException e)
        {
            Assert.Contains("Session.Begin", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_engine_and_why_it_was_taken_can_be_read()
    {
        using var byName = Session.Create(SessionModels.Positive());
        using var best = Session.Create(SessionModels.Positive(), new SessionOptions { Engine = "auto" });
        Assert.Equal(("fused", "requested by name"), (byName.Engine, byName.EngineReason));
        Assert.Equal(("fused", "the best engine that can run the whole model"), (best.Engine, best.EngineReason));
    }

    [Fact]
    public void Options_that_nothing_can_serve_are_told_by_their_kind()
    {
        using var sample = new SamplePackage();
        string path = sample.Write("p");
        Assert.Equal(FailureKind.Usage, Refused(new SessionOptions { Engine = "abacus" }).Kind);
        Assert.Equal(FailureKind.Unavailable, Refused(new SessionOptions { Engine = "cuda", Isa = "avx2" }).Kind);
        var tier = Refused(new SessionOptions { Engine = "auto", Isa = "mmx" });
        Assert.Equal(FailureKind.Unavailable, tier.Kind);
        Assert.DoesNotContain("engine ", tier.Message, StringComparison.Ordinal); // told before an engine without tiers is tried
        Assert.Equal(FailureKind.Usage, Refused(new SessionOptions { Level = 1 }).Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => Session.Open(path, new SessionOptions { Threads = 0 }));
        Assert.Throws<ArgumentException>(() => Session.Create(SessionModels.Positive(), new SessionOptions { Level = 1 }));

        EdgeException Refused(SessionOptions options) => Assert.Throws<EdgeException>(() => Session.Open(path, options));
    }

    private static string Refusal(Session session, Action<CallBox> use) =>
        Assert.Throws<InvalidOperationException>(() => CallBox.Run(session, use)).Message;

    private static T[] Output<T>(SessionCall call, string name) where T : unmanaged
    {
        var values = new T[6];
        call.Output(name, values.AsSpan());
        return values;
    }

    /// <summary>A call for lambdas, which a call itself cannot enter: one of its own for each use.</summary>
    private sealed class CallBox
    {
        private readonly List<Step> _steps = [];

        private delegate void Step(SessionCall call);

        public static void Run(Session session, Action<CallBox> use)
        {
            var box = new CallBox();
            use(box);
            using var call = session.Begin();
            foreach (var step in box._steps) step(call);
        }

        public void Input<T>(string name, T[] values) where T : unmanaged => _steps.Add(call => call.Input<T>(name, values));

        public void Input<T>(int index, T[] values) where T : unmanaged => _steps.Add(call => call.Input<T>(index, values));

        public void Output<T>(string name, T[] values) where T : unmanaged => _steps.Add(call => call.Output<T>(name, values));

        public void Output<T>(int index, T[] values) where T : unmanaged => _steps.Add(call => call.Output<T>(index, values));

        public void Run() => _steps.Add(call => call.Run());
    }
}
