using System.Text;
using System.Text.Json;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Tasks;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Tasks.Classification;

public class ClassificationTaskTests
{
    [Fact]
    public void Logits_become_probabilities_and_the_best_are_named()
    {
        var answer = Read(Classes.Task(3, ["cat", "dog"], areProbabilities: false), 0, 2, 1);
        Assert.Equal([(1, "dog"), (2, null), (0, "cat")], Classes.Top(answer).Select(c => (c.Index, c.Label)));
        double sum = 1 + Math.E + Math.E * Math.E;
        double[] expected = [Math.E * Math.E / sum, Math.E / sum, 1 / sum];
        Assert.All(Classes.Top(answer).Zip(expected), p => Assert.Equal(p.Second, p.First.Probability, 6));
        Assert.Equal("dog 66.5 %, class 2 24.5 %, cat 9.0 %", answer.ToText());
    }

    [Fact]
    public void Probabilities_are_taken_as_they_are()
    {
        var answer = Read(Classes.Task(2, []), 0.25f, 0.75f);
        Assert.Equal([0.75f, 0.25f], Classes.Top(answer).Select(c => c.Probability));
    }

    [Fact]
    public void Logits_keep_the_order_that_vanishing_probabilities_lose()
    {
        var top = Classes.Top(Read(Classes.Task(3, [], areProbabilities: false), -300, -200, 0));
        Assert.Equal([(2, 1f), (1, 0f), (0, 0f)], top.Select(c => (c.Index, c.Probability)));
    }

    [Fact]
    public void A_copy_says_the_same_and_stays_as_it_is()
    {
        var task = Classes.Task(2, ["cat", "dog"]);
        var answer = Read(task, 0.25f, 0.75f);
        var copy = answer.Copy();
        using var engine = Engine(0.5f, 0.5f);
        task.Read(engine, answer);
        Assert.Equal(("dog 75.0 %, cat 25.0 %", "cat 50.0 %, dog 50.0 %"), (copy.ToText(), answer.ToText()));
        answer.CopyTo(copy);
        Assert.Equal(answer.ToText(), copy.ToText());
        Assert.Equal([0.5f, 0.5f], ((ClassificationResult)copy).Probabilities);
    }

    [Fact]
    public void Before_the_first_run_there_are_no_classes()
    {
        var empty = Classes.Task(2, []).NewResult();
        Assert.Equal(("", """{"top":[]}"""), (empty.ToText(), Json(empty.Draw)));
        Assert.Equal("""{"top":[]}""", Json(json => empty.WriteJson(json, NonFinite.Null)));
    }

    [Fact]
    public void What_is_not_finite_is_written_as_the_reader_wants_it()
    {
        var answer = Classes.Named(new(0, null, float.NaN), new(1, null, float.PositiveInfinity), new(2, null, float.NegativeInfinity));
        string Probabilities(Action<Utf8JsonWriter> write)
        {
            var top = JsonDocument.Parse(Json(write)).RootElement.GetProperty("top");
            return string.Join(' ', top.EnumerateArray().Select(c => c.GetProperty("probability").GetRawText()));
        }

        Assert.Equal("null null null", Probabilities(json => answer.WriteJson(json, NonFinite.Null)));
        Assert.Equal("\"NaN\" \"Infinity\" \"-Infinity\"", Probabilities(json => answer.WriteJson(json, NonFinite.Named)));
        Assert.Equal("0 0 0", Probabilities(answer.Draw));
    }

    [Fact]
    public void Reading_and_copying_allocate_nothing()
    {
        var task = Classes.Task(4, ["a", "b"], areProbabilities: false, most: 2);
        using var engine = Engine(4, 3, 2, 1);
        var answer = task.Read(engine);
        var copy = answer.Copy();
        task.Read(engine, answer);
        answer.CopyTo(copy);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            task.Read(engine, answer);
            answer.CopyTo(copy);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(ElementType.Float32, 1, 3, 3)]
    [InlineData(ElementType.Float32, 1, 1)]
    [InlineData(ElementType.Int64, 1, 10)]
    public void An_output_that_is_not_a_score_a_class_is_refused_with_its_shape(ElementType type, params int[] shape)
    {
        var model = new TaskModel("m.zip", [new TensorInfo("y", type, new Shape(shape))], [], false, 5);
        Assert.Null(TaskTable.Bind(null, model));
        var e = Assert.Throws<EdgeException>(() => TaskTable.Bind("classification", model));
        Assert.Equal(FailureKind.BadInput, e.Kind);
        Assert.Equal($"m.zip: its task is classification, but its first output is {type}[{new Shape(shape)}], not one score a class", e.Message);
    }

    private static TaskResult Read(ModelTask task, params float[] output)
    {
        using var engine = Engine(output);
        return task.Read(engine);
    }

    /// <summary>An engine whose first output is given.</summary>
    private static ReferenceEngine Engine(params float[] output)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, output.Length)));
        graph.Add(new Node("Identity", "same", ["x"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, output.Length)));
        var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, output);
        engine.Run();
        return engine;
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
