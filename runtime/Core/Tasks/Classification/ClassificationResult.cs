using System.Text.Json;

namespace ResNetEdge.Tasks.Classification;

/// <summary>How probable each class is, and the most probable by name.</summary>
/// <param name="classes">Of the network.</param>
/// <param name="most">Kept of them by name.</param>
internal sealed class ClassificationResult(int classes, int most) : TaskResult
{
    private readonly RankedClass[] _top = new RankedClass[most];
    private int _count;

    /// <inheritdoc/>
    public override string Task => ClassificationTask.Name;

    /// <summary>[classes].</summary>
    public float[] Probabilities { get; } = new float[classes];

    /// <summary>The most probable, best first; empty before the first run.</summary>
    public ReadOnlySpan<RankedClass> Top => _top.AsSpan(0, _count);

    /// <summary>Gives room for the most probable classes, best first.</summary>
    /// <param name="count">How many; at most as many as the result keeps.</param>
    public Span<RankedClass> SetTop(int count) => _top.AsSpan(0, _count = count);

    /// <inheritdoc/>
    public override void WriteJson(Utf8JsonWriter json, NonFinite nonFinite)
    {
        json.WriteStartArray("top"u8);
        foreach (ref readonly var place in Top)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, place.Index);
            if (place.Label is not null) json.WriteString("label"u8, place.Label);
            WriteNumber(json, "probability"u8, place.Probability, nonFinite);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <inheritdoc/>
    public override void Draw(Utf8JsonWriter json)
    {
        json.WriteStartArray("top"u8);
        foreach (ref readonly var place in Top)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, place.Index);
            json.WriteString("label"u8, place.Label);
            json.WriteNumber("probability"u8, float.IsFinite(place.Probability) ? Math.Round(place.Probability, 6) : 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <inheritdoc/>
    public override (string? Label, int Index, float Score)? Best =>
        Top is [var best, ..] ? (best.Label, best.Index, float.IsFinite(best.Probability) ? best.Probability : 0) : null;

    /// <inheritdoc/>
    public override string ToText() =>
        string.Join(", ", _top.Take(_count).Select(c => $"{c.Label ?? $"class {c.Index}"} {100 * c.Probability:F1} %"));

    /// <inheritdoc/>
    public override TaskResult Copy()
    {
        var copy = new ClassificationResult(Probabilities.Length, _top.Length);
        CopyTo(copy);
        return copy;
    }

    /// <inheritdoc/>
    public override void CopyTo(TaskResult copy)
    {
        var other = (ClassificationResult)copy;
        Probabilities.CopyTo(other.Probabilities, 0);
        Top.CopyTo(other.SetTop(_count));
    }
}
