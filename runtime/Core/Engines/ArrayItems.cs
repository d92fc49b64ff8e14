using ResNetEdge.Model;

namespace ResNetEdge.Engines;

/// <summary>
/// Arrays of one file, one a model input, cut into items: the arrays may have a leading batch dimension that the model lacks or has as 1.
/// </summary>
internal sealed class ArrayItems
{
    private readonly Tensor[] _arrays; // in the order of the model's inputs

    private ArrayItems(Tensor[] arrays, int count) => (_arrays, Count) = (arrays, count);

    /// <summary>How often the model is to be run.</summary>
    public int Count { get; }

    /// <summary>A single array for a model with a single input.</summary>
    /// <exception cref="EdgeException">Exit 3: several inputs, another element type, or a shape that does not fit.</exception>
    public static ArrayItems Of(string file, Tensor array, IReadOnlyList<TensorInfo> inputs) => inputs.Count == 1
        ? new ArrayItems([Widened(array, inputs[0])], CountItems(file, array, inputs[0]))
        : throw EdgeException.BadInput($"'{file}': the model has {inputs.Count} inputs ({Names(inputs)}); give an .npz file with one array for each");

    /// <summary>One array an input, by name.</summary>
    /// <exception cref="EdgeException">Exit 3: an array is missing, unknown, of another type or
    /// shape, or of another batch than the others.</exception>
    public static ArrayItems Of(string file, IReadOnlyDictionary<string, Tensor> arrays, IReadOnlyList<TensorInfo> inputs)
    {
        var ordered = new Tensor[inputs.Count];
        int count = -1;
        for (int i = 0; i < ordered.Length; i++)
        {
            if (!arrays.TryGetValue(inputs[i].Name, out var array))
                throw EdgeException.BadInput($"'{file}' has no array '{inputs[i].Name}'; "
                    + $"the model's inputs are {Names(inputs)}, the file has {string.Join(", ", arrays.Keys)}");
            ordered[i] = Widened(array, inputs[i]);
            int items = CountItems(file, array, inputs[i]);
            if (count >= 0 && items != count)
                throw EdgeException.BadInput($"'{file}': array '{inputs[i].Name}' has {items} items where '{inputs[0].Name}' has {count}");
            count = items;
        }

        string? surplus = arrays.Keys.FirstOrDefault(name => inputs.All(i => i.Name != name));
        if (surplus != null) throw EdgeException.BadInput($"'{file}' has an array '{surplus}', but the model's inputs are {Names(inputs)}");
        return new ArrayItems(ordered, inputs.Count == 0 ? 1 : count);
    }

    /// <summary>Nothing, for a model without inputs, which runs once.</summary>
    public static ArrayItems None { get; } = new([], 1);

    /// <summary>Copies one item into the engine.</summary>
    public void Feed(IEngine engine, int item)
    {
        for (int i = 0; i < _arrays.Length; i++) engine.SetInputBytes(i, _arrays[i].Type, Bytes(engine.Inputs, item, i).Span);
    }

    /// <summary>One item as the values of a model's inputs, which share the array's memory.</summary>
    public Tensor[] Item(IReadOnlyList<TensorInfo> inputs, int item) =>
        [.. _arrays.Select((array, i) => new Tensor(array.Type, inputs[i].Shape, Bytes(inputs, item, i)))];

    private ReadOnlyMemory<byte> Bytes(IReadOnlyList<TensorInfo> inputs, int item, int input)
    {
        int bytes = inputs[input].Shape.ElementCount * _arrays[input].Type.Size();
        return _arrays[input].Bytes.Slice(item * bytes, bytes);
    }

    /// <summary>
    /// The array's shape must be the model's own, or the model's with another first dimension that is a multiple of it, or have one
    /// dimension more or (where the model's first is 1) one less in front.
    /// </summary>
    private static int CountItems(string file, Tensor array, TensorInfo input)
    {
        if (!array.Type.StandsFor(input.Type) && !IsHalf(array, input))
            throw EdgeException.BadInput(
                $"'{file}' holds {array.Type} values, but the model's input '{input.Name}' is {input.Type}; convert the array");
        if (Items(array.Shape.Dimensions, input.Shape.Dimensions) is { } items)
            return items > 0 ? items : throw EdgeException.BadInput($"'{file}' of shape {array.Shape} contains no items");
        throw EdgeException.BadInput($"'{file}' has shape {array.Shape}, but the model's input '{input.Name}' has shape {input.Shape}; "
            + "only another leading batch dimension is supported");
    }

    // A package made of a half-precision network takes float32, which holds every half exactly.
    private static bool IsHalf(Tensor array, TensorInfo input) => array.Type == ElementType.Float16 && input.Type == ElementType.Float32;

    private static Tensor Widened(Tensor array, TensorInfo input) => IsHalf(array, input) ? Tensor.From<float>(array.Shape, array.ToFloats()) : array;

    private static int? Items(ReadOnlySpan<int> array, ReadOnlySpan<int> model)
    {
        if (array.SequenceEqual(model)) return 1;
        if (array.Length == model.Length + 1 && array[1..].SequenceEqual(model)) return array[0];
        if (model.Length == 0) return null;
        if (model[0] == 1 && array.SequenceEqual(model[1..])) return 1;
        bool onlyFirstDiffers = array.Length == model.Length && array[1..].SequenceEqual(model[1..]);
        return onlyFirstDiffers && model[0] > 0 && array[0] % model[0] == 0 ? array[0] / model[0] : null;
    }

    private static string Names(IReadOnlyList<TensorInfo> inputs) => string.Join(", ", inputs.Select(i => $"'{i.Name}'"));
}
