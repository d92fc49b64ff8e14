using ResNetEdge.Model;
using ResNetEdge.Tasks;
using ResNetEdge.Tasks.Classification;

namespace ResNetEdge.Tests.Fakes;

/// <summary>Classifiers and their answers without a network.</summary>
internal static class Classes
{
    /// <summary>The task of a network whose output is that many probabilities or logits.</summary>
    public static ModelTask Task(int classes, string[] labels, bool areProbabilities = true, int most = 5) => new ClassificationTask(
        new TaskModel("model", [new TensorInfo("y", ElementType.Float32, new Shape(1, classes))], labels, areProbabilities, most));

    /// <summary>An answer that names these classes, best first.</summary>
    public static ClassificationResult Named(params ReadOnlySpan<RankedClass> top)
    {
        var answer = new ClassificationResult(classes: 13, top.Length);
        top.CopyTo(answer.SetTop(top.Length));
        return answer;
    }

    /// <summary>An answer that names none.</summary>
    public static ClassificationResult Probable(params ReadOnlySpan<float> probabilities)
    {
        var answer = new ClassificationResult(probabilities.Length, 0);
        probabilities.CopyTo(answer.Probabilities);
        return answer;
    }

    /// <summary>The classes that an answer names.</summary>
    public static RankedClass[] Top(TaskResult answer) => ((ClassificationResult)answer).Top.ToArray();
}
