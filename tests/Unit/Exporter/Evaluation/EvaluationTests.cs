using ResNetEdge.CommandLine;
using ResNetEdge.Exporter;
using ResNetEdge.Exporter.Datasets;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Progress;
using ResNetEdge.Exporter.Reports;
using ResNetEdge.Tasks.Classification;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Unit.Exporter.Checks;

namespace ResNetEdge.Tests.Unit.Exporter.Evaluation;

public class EvaluationTests
{
    private static readonly string Pictures = Path.Combine(House.Root, "exporter", "Demo", "pictures");

    [Fact]
    public void Several_pictures_at_a_time_give_the_answers_of_one_at_a_time()
    {
        var graph = CalibrationGuardTests.Source.Graph;
        var options = CalibrationGuardTests.Options("p");
        using var pictures = ResNetEdge.Exporter.Evaluation.Pictures.Open(
            Pictures, ResNetEdge.Exporter.Packaging.InputDescription.Preprocessing(options, graph.Inputs[0])!);
        int[] classes = pictures.Classes(Pictures, options.Preset!.Labels);
        var results = Enumerable.Range(1, 2).Select(count =>
        {
            using EnginePool pool = GraphEngine.LoadPool(graph, count), other = GraphEngine.LoadPool(graph, count);
            return Evaluator.Run(pool.Engines, other.Engines, pictures, classes, ProgressDisplay.None);
        }).ToList();
        Assert.Equal(results[0].Answers, results[1].Answers);
        Assert.Equal(results[0].Answers, results[1].Reference);
        Assert.Equal((200, 188), (results[0].Accuracy.Images, results[0].Accuracy.Right)); // PyTorch's count
        Assert.Equal(1, results[0].Paired!.Value.PValue);
        Assert.Equal(200, results[0].Confusion(results[0].Answers).Sum(row => row.Sum()));
    }

    [Fact]
    public void A_damaged_picture_stops_all_workers_with_its_name()
    {
        using var folder = new TempFolder();
        for (int i = 0; i < 8; i++)
            folder.Write($"Bag/{i}.png", i == 5 ? [1, 2, 3] : File.ReadAllBytes(Directory.GetFiles(Path.Combine(Pictures, "Bag"))[i]));
        var graph = CalibrationGuardTests.Source.Graph;
        var options = CalibrationGuardTests.Options("p");
        using var pictures = ResNetEdge.Exporter.Evaluation.Pictures.Open(
            folder.Path, ResNetEdge.Exporter.Packaging.InputDescription.Preprocessing(options, graph.Inputs[0])!);
        using var pool = GraphEngine.LoadPool(graph, 2);
        var refused = Assert.Throws<EdgeException>(() => Evaluator.Run(pool.Engines, null, pictures, new int[8], ProgressDisplay.None));
        Assert.Contains("5.png", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_are_those_of_sorting()
    {
        var random = new Random(3);
        int[] order = new int[6];
        for (int i = 0; i < 500; i++)
        {
            float[] logits = [.. Enumerable.Range(0, 6).Select(_ => (float)random.Next(4))]; // many ties
            int label = random.Next(6);
            TopK.Find(logits, order);
            Assert.Equal(new Answer(order[0], Array.IndexOf(order, label)), Answer.Of(logits, label));
        }
    }

    [Fact]
    public void The_paired_test_is_the_sum_of_binomials()
    {
        for (int gained = 0; gained < 12; gained++)
        {
            for (int lost = 0; lost < 12; lost++)
            {
                int all = gained + lost;
                double tail = Enumerable.Range(0, Math.Min(gained, lost) + 1).Sum(k => Choose(all, k)) / Math.Pow(2, all);
                Assert.Equal(Math.Min(1, 2 * tail), new PairedTest(gained, lost).PValue, tolerance: 1e-9);
            }
        }

        Assert.InRange(new PairedTest(5000, 5300).PValue, 0.0025, 0.0035); // normal approximation: 0.0031
    }

    private static double Choose(int n, int k) => Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - k + i) / i);

    [Fact]
    public void Exchanged_folders_are_named()
    {
        using var folder = new TempFolder();
        Copy(folder, name => name == "Bag" ? "Sandal" : name == "Sandal" ? "Bag" : name);
        var refused =
            Assert.Throws<EdgeException>(() => Pipeline.Run(CalibrationGuardTests.Options(folder["p"]) with { Evaluate = folder["test"] }, _ => { }));
        Assert.Equal(FailureKind.Refused, refused.Kind);
        Assert.Contains("pictures in 'Sandal' are classified as 'Bag'", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["p"]));
        var log = new List<string>();
        Pipeline.Run(CalibrationGuardTests.Options(folder["p"]) with { Evaluate = folder["test"], AcceptsLabels = true }, log.Add);
        Assert.Contains(log, line => line.StartsWith("warning: the labels", StringComparison.Ordinal));
    }

    [Fact]
    public void Shuffled_labels_are_chance()
    {
        using var folder = new TempFolder();
        int n = 0;
        string[] names = [.. Directory.GetDirectories(Pictures).Select(d => Path.GetFileName(d)!)];
        Copy(folder, _ => names[n++ % 10]);
        var refused =
            Assert.Throws<EdgeException>(() => Pipeline.Run(CalibrationGuardTests.Options(folder["p"]) with { Evaluate = folder["test"] }, _ => { }));
        Assert.Equal(FailureKind.Refused, refused.Kind);
        Assert.Contains("no better than chance", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weak_class_is_no_wrong_label()
    {
        // Shirts taken for pullovers, and everything else right.
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 4)];
        Answer[] answers = [.. labels.Select(label => label == 2 ? new Answer(1, 1) : new Answer(label, 0))];
        Assert.Null(LabelCheck.Find(new(4, labels, answers, null), answers, ["a", "b", "c", "d"]));
        Answer[] turned = [.. labels.Select(label => new Answer((label + 1) % 4, 1))];
        Assert.Contains("'a' are classified as 'b' (25 of 25)", LabelCheck.Find(new(4, labels, turned, null), turned, ["a", "b", "c", "d"]),
            StringComparison.Ordinal);
        Answer[] always = [.. labels.Select(label => new Answer(1, label == 1 ? 0 : 1))];
        Assert.Contains(
            "every picture as 'b'", LabelCheck.Find(new(4, labels, always, null), always, ["a", "b", "c", "d"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_prints_classes_confusion_and_intervals()
    {
        using var folder = new TempFolder();
        Pipeline.Run(CalibrationGuardTests.Options(folder["p"]), _ => { });
        using StringWriter output = new(), error = new();
        string weights = Path.Combine(House.Root, "exporter", "Demo", "fashion-resnet14.safetensors");
        Assert.Equal(ExitCode.Done, ResNetEdge.Exporter.Program.Shell.Run(
            ["evaluate", folder["p"], Pictures, "--against", weights, "--threads", "2", "--confusion", "--json"], new Terminal(output, error)));
        var json = System.Text.Json.JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal(10, json.GetProperty("classes").GetArrayLength());
        Assert.Equal(10, json.GetProperty("confusion").GetArrayLength());
        Assert.InRange(json.GetProperty("top1").GetDouble(), json.GetProperty("top1_low").GetDouble(), json.GetProperty("top1_high").GetDouble());
        Assert.Equal(
            json.GetProperty("right").GetInt32() - json.GetProperty("reference_right").GetInt32(),
            json.GetProperty("gained").GetInt32() - json.GetProperty("lost").GetInt32());
        Assert.True(json.GetProperty("p_value").GetDouble() > 0.05);
        Assert.Equal("", error.ToString());
    }

    private static void Copy(TempFolder folder, Func<string, string> rename)
    {
        foreach (string path in Directory.GetFiles(Pictures, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(Path.GetDirectoryName(path)!);
            folder.Write($"test/{rename(name)}/{name}-{Path.GetFileName(path)}", File.ReadAllBytes(path));
        }
    }
}
