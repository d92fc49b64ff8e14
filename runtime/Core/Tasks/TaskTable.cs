using ResNetEdge.Tasks.Classification;

namespace ResNetEdge.Tasks;

/// <summary>Every task there is. A new task is one folder and one line here.</summary>
internal static class TaskTable
{
    /// <summary>In the order in which a model that names no task is compared with them.</summary>
    public static IReadOnlyList<TaskKind> All { get; } = [ClassificationTask.Kind];

    /// <summary>Binds a model's task to it.</summary>
    /// <param name="name">As the manifest names it; null: the outputs say which it is.</param>
    /// <param name="model">What is known of the model.</param>
    /// <returns>Null when no task is named and the outputs look like those of none.</returns>
    /// <exception cref="EdgeException">Exit 3: the task is not known, or the model's outputs do not fit it.</exception>
    public static ModelTask? Bind(string? name, TaskModel model) => Bind(All, name, model);

    /// <summary>Why a manifest's task cannot be used; null when it can.</summary>
    /// <param name="name">As the manifest names it.</param>
    public static string? Fault(string name) => Fault(All, name);

    /// <summary>As <see cref="Bind(string?, TaskModel)"/>, with other tasks.</summary>
    internal static ModelTask? Bind(IReadOnlyList<TaskKind> kinds, string? name, TaskModel model)
    {
        if (name is null) return kinds.FirstOrDefault(k => k.IsLikely(model))?.Bind(model);
        if (Fault(kinds, name) is { } fault) throw EdgeException.BadInput($"{model.Path}: {fault}");
        return kinds.Single(k => k.Name == name).Bind(model);
    }

    private static string? Fault(IReadOnlyList<TaskKind> kinds, string name) => kinds.Any(k => k.Name == name)
        ? null
        : $"the task '{name}' is not known; known tasks: {string.Join(", ", kinds.Select(k => k.Name))}";
}
