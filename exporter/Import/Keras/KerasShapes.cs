using System.Text.Json;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>Layers that move elements.</summary>
internal static class KerasShapes
{
    /// <summary>[N][everything], channels last.</summary>
    public static ChannelsLastValue Flatten(KerasCall call) => call.Builder.Flatten(call.Name, call.Input);

    /// <summary>Another shape behind the batch; one dimension may be −1.</summary>
    public static ChannelsLastValue Reshape(KerasCall call)
    {
        if (call.Get("target_shape") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > 5)
            throw call.Fail("does not state its target shape");
        int[] target = call.Ints("target_shape", list.GetArrayLength(), 0);
        long known = target.Where(static d => d != -1).Aggregate(1L, static (a, d) => d < 0 || a > Shape.MaxElements ? 0 : a * d);
        int each = call.Input.Shape.ElementCount / call.Input.Shape[0];
        if (known < 1 || each % known != 0 || target.Count(static d => d == -1) > 1)
            throw call.Fail($"reshapes {call.Input.Shape} to {string.Join('x', target)}");
        return call.Builder.Reshape(
            call.Name, call.Input, call.Builder.ShapeOf(call.Name, [call.Input.Shape[0], .. target.Select(d => d == -1 ? (int)(each / known) : d)]));
    }

    /// <summary>Zeros around a picture.</summary>
    public static ChannelsLastValue ZeroPadding2D(KerasCall call)
    {
        var ((top, bottom), (left, right)) = Sides(call, "padding");
        return call.Builder.Pad(call.Name, Picture(call), [0, top, left, 0], [0, bottom, right, 0], 0);
    }

    /// <summary>Rows and columns cut off.</summary>
    public static ChannelsLastValue Cropping2D(KerasCall call)
    {
        var ((top, bottom), (left, right)) = Sides(call, "cropping");
        var shape = Picture(call).Shape;
        if ((long)top + bottom >= shape[1] || (long)left + right >= shape[2]) throw call.Fail($"cuts everything off an input of shape {shape}");
        return call.Builder.Slice(
            call.Name, call.Input, [(0, 1, shape[0]), (top, 1, shape[1] - top - bottom), (left, 1, shape[2] - left - right), (0, 1, shape[3])]);
    }

    // n, [rows, columns] or [[top, bottom], [left, right]].
    private static ((int Top, int Bottom) Rows, (int Left, int Right) Columns) Sides(KerasCall call, string name)
    {
        if (call.Get(name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 2
            && list.EnumerateArray().All(static e => e.ValueKind == JsonValueKind.Array))
        {
            int[] sides = [.. list.EnumerateArray().SelectMany(static pair => pair.EnumerateArray())
                .Select(static e => e.TryGetInt32(out int n) ? n : -1)];
            return sides is [>= 0, >= 0, >= 0, >= 0]
                ? ((sides[0], sides[1]), (sides[2], sides[3]))
                : throw call.Fail($"has a {name} that is not four counts");
        }

        int[] both = call.Ints(name, 2, 0);
        return both is [>= 0, >= 0] ? ((both[0], both[0]), (both[1], both[1])) : throw call.Fail($"has a negative {name}");
    }

    private static ChannelsLastValue Picture(KerasCall call) =>
        call.Input.IsPicture ? call.Input : throw call.Fail($"takes a picture, but its input has shape {call.Input.Shape}");
}
