using ResNetEdge.Naming;

namespace ResNetEdge.Model;

/// <summary>Shapes that a caller gives to inputs of which a model file leaves dimensions open.</summary>
internal sealed class InputShapes
{
    private readonly Dictionary<string, Shape> _given;

    /// <summary>Copies what was given.</summary>
    /// <param name="given">Whole shapes, by input name.</param>
    public InputShapes(IReadOnlyDictionary<string, Shape> given) => _given = new(given, StringComparer.Ordinal);

    /// <summary>
    /// Shape of what will be fed to an input, or null: asked only about an input that the file declares with a dimension of 0, which is open unless
    /// something empty is fed.
    /// </summary>
    public Func<string, Shape?>? Fed { get; init; }

    /// <summary>Nothing given: every shape is the file's.</summary>
    public static InputShapes None { get; } = new(new Dictionary<string, Shape>());

    /// <summary>
    /// Fills in the open dimensions. One that has a name gets its size in every input that names it, so that the shape of one input may
    /// settle others; dimensions about which nothing was given stay open.
    /// </summary>
    /// <param name="declared">All inputs of the model, in their order.</param>
    /// <param name="model">What messages call the model.</param>
    /// <returns>The inputs in the same order.</returns>
    /// <exception cref="EdgeException">Usage: no such input, or a shape that contradicts the declared one or another given one.</exception>
    public IReadOnlyList<DeclaredInput> Fix(IReadOnlyList<DeclaredInput> declared, string model)
    {
        var given = WithEmpty(declared);
        if (given.Count == 0) return declared;
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, shape) in given)
        {
            var input = declared.FirstOrDefault(d => d.Name == name) ?? throw Unknown(name, declared, model);
            Check(input, shape, model);
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                if (input.Dimensions[axis] is not { Size: null, Symbol: { Length: > 0 } symbol } || sizes.TryAdd(symbol, shape[axis])) continue;
                var (first, second) = (sizes[symbol], shape[axis]);
                if (first != second)
                    throw Usage($"{model}: the given shapes make dimension '{symbol}' both {first} and {second}; it has one size everywhere");
            }
        }

        return [.. declared.Select(input =>
            input with { Dimensions = [.. input.Dimensions.Select((d, axis) => Filled(input, d, axis, given, sizes))] })];
    }

    // What was given, and the shapes of those that are fed something empty and may be.
    private Dictionary<string, Shape> WithEmpty(IReadOnlyList<DeclaredInput> declared)
    {
        if (Fed is null) return _given;
        var given = new Dictionary<string, Shape>(_given, StringComparer.Ordinal);
        foreach (var input in declared)
        {
            if (given.ContainsKey(input.Name) || !Array.Exists(input.Dimensions, static d => d.MayBeEmpty)) continue;
            if (Fed(input.Name) is { ElementCount: 0 } shape && Fits(input, shape)) given.Add(input.Name, shape);
        }

        return given;
    }

    private static bool Fits(DeclaredInput input, Shape shape)
    {
        if (shape.Rank != input.Dimensions.Length) return false;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            var declared = input.Dimensions[axis];
            if (declared.Size is { } size ? size != shape[axis] : shape[axis] == 0 && !declared.MayBeEmpty) return false;
        }

        return true;
    }

    private static void Check(DeclaredInput input, Shape shape, string model)
    {
        string given = $"{model}: the shape {shape} given for input '{input.Name}'";
        if (shape.Rank != input.Dimensions.Length)
            throw Usage($"{given} has {Dimensions(shape.Rank)}, but the model declares {Dimensions(input.Dimensions.Length)} ({input.ShapeText})");
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] < 1 && !input.Dimensions[axis].MayBeEmpty)
                throw Usage($"{given} is empty; every dimension must be at least 1");
            if (input.Dimensions[axis].Size is { } size && size != shape[axis])
                throw Usage($"{given} has {shape[axis]} in dimension {axis}, which is fixed at {size} in the model ({input.ShapeText})");
        }
    }

    private static DeclaredDimension Filled(
        DeclaredInput input, DeclaredDimension declared, int axis, Dictionary<string, Shape> given, Dictionary<string, long> sizes) =>
        declared.Size is not null ? declared
        : given.TryGetValue(input.Name, out var shape) ? declared with { Size = shape[axis] }
        : sizes.TryGetValue(declared.Symbol, out long size) ? declared with { Size = size }
        : declared;

    private static EdgeException Unknown(string name, IReadOnlyList<DeclaredInput> declared, string model) =>
        Usage($"{model}: unknown input '{name}'; {Spelling.Suggestion(name, [.. declared.Select(d => d.Name)])}");

    private static string Dimensions(int rank) => rank == 1 ? "1 dimension" : $"{rank} dimensions";

    private static EdgeException Usage(string message) => new(FailureKind.Usage, message);
}
