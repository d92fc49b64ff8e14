namespace ResNetEdge.Tasks;

/// <summary>What a kind of network is for, and so what its outputs mean: a line of <see cref="TaskTable"/>.</summary>
/// <param name="Name">As a manifest names it: <c>classification</c>.</param>
/// <param name="Summary">For people: what a result is.</param>
/// <param name="IsLikely">Whether a model whose manifest names no task is taken to have this one, judged by its outputs.</param>
/// <param name="Bind">Binds the task to a model; throws exit 3 when the outputs do not fit the task.</param>
internal sealed record TaskKind(string Name, string Summary, Func<TaskModel, bool> IsLikely, Func<TaskModel, ModelTask> Bind);
