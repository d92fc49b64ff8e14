using ResNetEdge.Model;

namespace ResNetEdge.Tasks;

/// <summary>A task bound to a model: it reads the outputs of an engine and knows what rules can watch in them. For one thread.</summary>
internal abstract class ModelTask
{
    /// <summary>A result that says nothing yet, to be read into again and again.</summary>
    public abstract TaskResult NewResult();

    /// <summary>Reads what the engine's last run gave. Allocates nothing.</summary>
    /// <param name="outputs">Of the model that the task is bound to.</param>
    /// <param name="result">Made by <see cref="NewResult"/> for the same model, at any level of its ladder.</param>
    public abstract void Read(IModelOutputs outputs, TaskResult result);

    /// <summary>What the engine's last run gave, as a result of its own.</summary>
    public TaskResult Read(IModelOutputs outputs)
    {
        var result = NewResult();
        Read(outputs, result);
        return result;
    }

    /// <summary>Binds what a rule watches to the model.</summary>
    /// <param name="rule">Name of the rule, for messages.</param>
    /// <param name="names">The rule's <c>label</c>, as the configuration has it.</param>
    /// <exception cref="EdgeException">Exit 3: the model's results have nothing of that name.</exception>
    public abstract TaskPredicate Watch(string rule, IReadOnlyList<string> names);
}
