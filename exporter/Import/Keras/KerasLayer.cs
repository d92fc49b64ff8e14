using System.Text.Json;

namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>One layer of a Keras model.</summary>
/// <param name="ClassName">Its class, e.g. <c>Conv2D</c>.</param>
/// <param name="Name">Unique within the model.</param>
/// <param name="Config">Its settings.</param>
/// <param name="Calls">For each time it is called, what it is called on.</param>
internal sealed record KerasLayer(string ClassName, string Name, JsonElement Config, IReadOnlyList<IReadOnlyList<KerasTensorId>> Calls)
{
    /// <inheritdoc/>
    public override string ToString() => $"{ClassName} {Checkpoints.FileText.Quote(Name)}";
}

/// <summary>What one call of a layer gives.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Call">Number of the call.</param>
/// <param name="Output">Number of the output.</param>
internal readonly record struct KerasTensorId(string Layer, int Call, int Output);
