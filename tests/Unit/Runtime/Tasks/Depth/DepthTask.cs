using ResNetEdge.Model;
using ResNetEdge.Tasks;

namespace ResNetEdge.Tests.Unit.Runtime.Tasks.Depth;

/// <summary>A second task, which no program ships: the first output is how far each pixel is away, in metres.</summary>
internal sealed class DepthTask : ModelTask
{
    private readonly Shape _shape; // [1][1][H][W]

    private DepthTask(TaskModel model) => _shape = model.Outputs[0].Shape;

    public static TaskKind Kind { get; } = new("depth", "how far away each pixel is", static _ => false, static model => new DepthTask(model));

    public override TaskResult NewResult() => new DepthResult(_shape[2], _shape[3]);

    public override void Read(IModelOutputs outputs, TaskResult result) => outputs.GetOutput<float>(0, ((DepthResult)result).Metres);

    public override TaskPredicate Watch(string rule, IReadOnlyList<string> names) => names is ["near"]
        ? new NearPredicate()
        : throw EdgeException.BadInput($"rule '{rule}' watches '{string.Join("', '", names)}', but in depths a rule can watch 'near' alone");
}
