using System.Globalization;

namespace ResNetEdge.Model;

/// <summary>
/// What a model may ask for beyond the bytes of its file, wherever it comes from: a file of a hundred bytes can name a value of gigabytes. Everything
/// that allocates for a model asks here first. Larger models need the option <c>--model-mib</c> or the environment variables.
/// </summary>
internal static class ModelBounds
{
    /// <summary>Environment variable with <see cref="MaxBytes"/> in MiB.</summary>
    public const string MemoryVariable = "RESNETEDGE_MODEL_MIB";

    /// <summary>Environment variable with <see cref="MaxNodes"/>.</summary>
    public const string NodesVariable = "RESNETEDGE_MODEL_NODES";

    /// <summary>
    /// Bounds when nothing is said. A ResNet-1202 with QuantizeLinear nodes has 15,000 nodes; a value of 1 GiB is 64 channels of 2048 x 2048 floats.
    /// </summary>
    public const int DefaultMiB = 1024, DefaultNodes = 50_000;

    /// <summary>Largest number of MiB that can be asked for.</summary>
    public const int MostMiB = 1 << 20;

    private static int _mib, _nodes; // 0: not asked for yet

    /// <summary>Bytes that one value, one inference's arena, one table of a kernel, and all folded constants together may have.</summary>
    /// <exception cref="EdgeException">Exit 2: the environment variable is not a number.</exception>
    public static long MaxBytes => (long)(_mib != 0 ? _mib : _mib = Read(MemoryVariable, DefaultMiB, MostMiB)) << 20;

    /// <summary>Nodes of a graph.</summary>
    /// <exception cref="EdgeException">Exit 2: the environment variable is not a number.</exception>
    public static int MaxNodes => _nodes != 0 ? _nodes : _nodes = Read(NodesVariable, DefaultNodes, int.MaxValue);

    /// <summary>Sets <see cref="MaxBytes"/> for this process.</summary>
    public static void SetMiB(int mib) => _mib = mib;

    /// <exception cref="EdgeException">Exit 3: more nodes than a model may have.</exception>
    public static void CheckNodes(int count)
    {
        if (count > MaxNodes)
            throw EdgeException.BadInput(
                $"the model has {count:N0} nodes, more than the {MaxNodes:N0} allowed; raise the limit with {NodesVariable}");
    }

    /// <exception cref="EdgeException">Exit 3: more bytes than a model may ask for.</exception>
    public static void CheckBytes(string what, long bytes)
    {
        if (bytes > MaxBytes || bytes < 0)
            throw EdgeException.BadInput($"{what} would take {Math.Max(bytes, 0) >> 20:N0} MiB, more than the {MaxBytes >> 20:N0} MiB that a model "
                + $"may use; raise the limit with --model-mib or {MemoryVariable}");
    }

    /// <summary>A value of a graph; spans over it are counted by 31 bits.</summary>
    /// <exception cref="EdgeException">Exit 3: more bytes than that, or than a model may ask for.</exception>
    public static void CheckValue(string name, ElementType type, Shape shape)
    {
        long bytes = (long)shape.ElementCount * type.Size();
        CheckBytes($"the value '{name}' of {type}[{shape}]", bytes);
        if (bytes > Array.MaxLength)
            throw EdgeException.BadInput($"the value '{name}' of {type}[{shape}] takes more than 2 GiB, the most that one value may take");
    }

    private static int Read(string variable, int otherwise, int most) => Environment.GetEnvironmentVariable(variable) switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 && number <= most =>
            number,
        var text => throw new EdgeException(FailureKind.Usage, $"{variable} is '{text}'; a number from 1 to {most} is expected"),
    };
}
