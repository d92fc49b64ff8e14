using System.Globalization;
using System.Text.Json;
using ResNetEdge.Tasks;

namespace ResNetEdge.Tests.Unit.Runtime.Tasks.Depth;

/// <summary>How far away each pixel is.</summary>
/// <param name="height">Of the depth map, in pixels.</param>
/// <param name="width">Of the depth map, in pixels.</param>
internal sealed class DepthResult(int height, int width) : TaskResult
{
    public override string Task => DepthTask.Kind.Name;

    /// <summary>[H][W].</summary>
    public float[] Metres { get; } = new float[height * width];

    public override void WriteJson(Utf8JsonWriter json, NonFinite nonFinite)
    {
        int nearest = Nearest();
        WriteNumber(json, "nearest_m"u8, Metres[nearest], nonFinite);
        json.WriteNumber("x"u8, nearest % width);
        json.WriteNumber("y"u8, nearest / width);
    }

    public override string ToText() => string.Create(CultureInfo.InvariantCulture, $"nearest {Metres[Nearest()]:F1} m");

    public override TaskResult Copy()
    {
        var copy = new DepthResult(height, width);
        CopyTo(copy);
        return copy;
    }

    public override void CopyTo(TaskResult copy) => Metres.CopyTo(((DepthResult)copy).Metres, 0);

    private int Nearest() => Array.IndexOf(Metres, Metres.Min());
}
