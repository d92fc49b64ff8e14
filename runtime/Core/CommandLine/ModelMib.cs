using ResNetEdge.Model;

namespace ResNetEdge.CommandLine;

/// <summary>The option of every verb that loads a model: what the model may ask for.</summary>
internal static class ModelMib
{
    /// <summary>The option.</summary>
    public static Option Option { get; } =
        new("--model-mib", "N",
            $"Memory in MiB that a model may use beyond its file; default {ModelBounds.DefaultMiB}. {ModelBounds.MemoryVariable} does the same.");

    /// <summary>Sets the bound, if it is given.</summary>
    /// <exception cref="EdgeException">Exit 2: not a number, or out of range.</exception>
    public static void Read(Arguments arguments)
    {
        if (arguments.Value(Option.Name) is not null) ModelBounds.SetMiB(arguments.Int(Option.Name, ModelBounds.DefaultMiB, 1, ModelBounds.MostMiB));
    }
}
