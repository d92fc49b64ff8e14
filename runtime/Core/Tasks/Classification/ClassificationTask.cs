using ResNetEdge.Model;
using ResNetEdge.Naming;

namespace ResNetEdge.Tasks.Classification;

/// <summary>Tells which classes a picture may belong to: the first output is one logit or one probability a class.</summary>
internal sealed class ClassificationTask : ModelTask
{
    /// <summary>As a manifest names it.</summary>
    public const string Name = "classification";

    private readonly IReadOnlyList<string> _labels;
    private readonly bool _givesProbabilities;
    private readonly float[] _output; // [classes], logits or probabilities
    private readonly int[] _order; // [top]

    /// <summary>Binds to a model.</summary>
    /// <exception cref="EdgeException">Exit 3: its first output is not one float32 a class.</exception>
    public ClassificationTask(TaskModel model)
    {
        var output = model.Outputs[0];
        if (!IsLikely(model))
            throw EdgeException.BadInput(
                $"{model.Path}: its task is {Name}, but its first output is {output.Type}[{output.Shape}], not one score a class");
        (_labels, _givesProbabilities) = (model.Labels, model.EndsInSoftmax);
        _output = new float[output.Shape.ElementCount];
        _order = new int[Math.Min(model.Most, _output.Length)];
    }

    /// <summary>Its line in the table.</summary>
    public static TaskKind Kind { get; } = new(Name, "the most probable classes of a picture", IsLikely, model => new ClassificationTask(model));

    /// <inheritdoc/>
    public override TaskResult NewResult() => new ClassificationResult(_output.Length, _order.Length);

    /// <inheritdoc/>
    public override void Read(IModelOutputs outputs, TaskResult result)
    {
        outputs.GetOutput<float>(0, _output);
        Read((ClassificationResult)result);
    }

    /// <inheritdoc/>
    public override TaskPredicate Watch(string rule, IReadOnlyList<string> names) =>
        new ClassPredicate([.. names.SelectMany(name => Find(name, rule)).Distinct()], _labels);

    private static bool IsLikely(TaskModel model) =>
        model.Outputs[0] is { Shape: var shape } output && output.Type.IsFloat() && shape.ElementCount > 1
            && shape.Dimensions.ToArray().Count(d => d != 1) == 1;

    private void Read(ClassificationResult result)
    {
        if (_givesProbabilities) _output.CopyTo(result.Probabilities, 0);
        else ClassProbabilities.Of(_output, result.Probabilities);
        TopK.Find(_output, _order); // logits keep an order that probabilities of almost 0 have lost
        var top = result.SetTop(_order.Length);
        for (int k = 0; k < _order.Length; k++)
        {
            int index = _order[k];
            top[k] = new RankedClass(index, index < _labels.Count ? _labels[index] : null, result.Probabilities[index]);
        }
    }

    // Data sets repeat labels (ImageNet has two kinds of crane): all classes of that name count.
    private List<int> Find(string label, string rule)
    {
        int classes = _output.Length;
        string whyNot = _labels.Count > 0
            ? $"which is not a label of the model; {Spelling.Suggestion(label, [.. _labels])}"
            : $"but the model has no labels; use a class number from 0 to {classes - 1}";
        var found = Enumerable.Range(0, _labels.Count > 0 ? Math.Min(_labels.Count, classes) : classes).Where(i => NameOf(i) == label).ToList();
        return found.Count > 0 ? found : throw EdgeException.BadInput($"rule '{rule}' watches '{label}', {whyNot}");
    }

    private string NameOf(int index) => _labels.Count > 0 ? _labels[index] : index.ToString();
}
