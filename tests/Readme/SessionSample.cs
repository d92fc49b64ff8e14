using ResNetEdge.Model;

namespace ResNetEdge.Tests.Readme;

/// <summary>The library in use: docs/library.md shows these methods word for word, and <see cref="SessionSampleTests"/> runs them.</summary>
internal static class SessionSample
{
    public static IEnumerable<int> Classify(string model, IEnumerable<float[]> pictures)
    {
        using var session = Session.Open(model, new SessionOptions { Threads = 2 });
        var scores = new float[session.Outputs[0].Shape.ElementCount];
        foreach (float[] picture in pictures) // N C H W, normalised as in training
        {
            session.Run(picture, scores); // allocates nothing
            yield return Array.IndexOf(scores, scores.Max());
        }
    }

    public static void Compare(Session session, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> distances, Span<bool> differ)
    {
        using var call = session.Begin(); // waits for its turn
        call.Input("left", left);
        call.Input("right", right);
        call.Run();
        call.Output("distances", distances);
        call.Output("differ", differ);
    }

    public static void Follow(string model, IEnumerable<float[]> frames, Action<float[]> take)
    {
        using var session = Session.Open(model, new SessionOptions { States = [new("h_out", "h_in")] });
        var output = new float[session.Outputs[0].Shape.ElementCount];
        session.ResetStates(); // zeros, as after opening: another stream begins
        foreach (float[] frame in frames)
        {
            session.Run(frame, output); // goes on from the state of the frame before
            take(output);
        }
    }

    public static Session OpenAt(string model, int height, int width) => Session.Open(model, new SessionOptions
    {
        Shapes = new Dictionary<string, Shape> { ["image"] = new(1, 3, height, width) },
    });

    public static void Detect(string model, IEnumerable<(int Height, int Width, float[] Values)> pictures, Action<float[]> take)
    {
        using var sessions = new ShapedSessions(model) { MostShapes = 8 };
        foreach (var (height, width, values) in pictures)
        {
            var session = sessions.At("image", 1, 3, height, width); // planned once; found again without allocating
            var output = new float[session.Outputs[0].Shape.ElementCount];
            session.Run(values, output);
            take(output);
        }
    }

    public static void RunAll(Session session, IReadOnlyList<float[]> inputs, IReadOnlyList<float[]> outputs) =>
        Parallel.For(0, inputs.Count, session.Fork, (i, _, fork) =>
        {
            fork.Run(inputs[i], outputs[i]);
            return fork;
        }, fork => fork.Dispose());

    public static Session? TryOpen(string model, TextWriter log)
    {
        try
        {
            var session = Session.Open(model, new SessionOptions { Engine = "auto" });
            log.WriteLine($"engine {session.Engine}: {session.EngineReason}");
            return session;
        }
        catch (EdgeException e)
        {
            log.WriteLine($"{e.Kind}: {e.Message}");
            return null;
        }
    }
}
