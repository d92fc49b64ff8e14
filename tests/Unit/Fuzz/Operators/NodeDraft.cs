using ResNetEdge.Model;
using ResNetEdge.Tests.Unit.Runtime.Operators;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>
/// A node that is being drawn at random: what goes in, its attributes, how many outputs it has. A draft of <see cref="OperatorDrafts"/> fills it in.
/// </summary>
/// <param name="opType">The operator.</param>
/// <param name="opset">Attributes are those of this operator set.</param>
/// <param name="random">Decides everything.</param>
/// <param name="hasSpecials">Whether floats may be infinite, not a number, -0, denormal or huge.</param>
internal sealed class NodeDraft(string opType, int opset, Random random, bool hasSpecials)
{
    private const int MostElements = 2048;

    private static readonly int[] Sizes = [0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 7, 8, 9, 16, 17, 33];
    private static readonly float[] Specials =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f, 1e-40f, -1e-40f, float.Epsilon, 3e38f, -3e38f, 1f, -1f, 88.8f, -104f,
        0.5f,
    ];

    private readonly OnnxSchemas _schema =
        OnnxSchemas.Of(opType, opset) ?? throw new ArgumentException($"{opType} is not in operator set {opset}", nameof(opset));

    /// <summary>Whether sums may be of nothing, which ONNX Runtime gets wrong in places.</summary>
    public bool AllowsNothing => hasSpecials;

    private readonly bool _isSpecial = hasSpecials && random.Next(2) == 0;

    public string OpType => opType;

    public int Opset => opset;

    public Attributes Attributes { get; } = new();

    /// <summary>In order; null for one that is left out.</summary>
    public List<Tensor?> Inputs { get; } = [];

    /// <summary>Of each input, whether it is known when the model is loaded.</summary>
    public List<bool> Constants { get; } = [];

    /// <summary>How many outputs it has.</summary>
    public int Outputs { get; set; } = 1;

    /// <summary>An integer of a range, both ends included.</summary>
    public int Number(int low, int high) => random.Next(low, high + 1);

    /// <summary>True once in so many times.</summary>
    public bool Once(int of) => random.Next(of) == 0;

    public T Any<T>(params ReadOnlySpan<T> of) => of[random.Next(of.Length)];

    /// <summary>A small float that has a short decimal form.</summary>
    public float Parameter(double low, double high) => MathF.Round((float)(low + random.NextDouble() * (high - low)), 2);

    /// <summary>A dimension.</summary>
    public int Size() => Sizes[random.Next(_isSpecial ? 0 : Once(4) ? 0 : 1, Sizes.Length)];

    /// <summary>Any shape, of which a dimension may be 0.</summary>
    public int[] Shape(int minRank, int maxRank)
    {
        int[] shape = [.. Enumerable.Range(0, Number(minRank, maxRank)).Select(_ => Size())];
        for (int d = 0; shape.Aggregate(1L, static (a, b) => a * Math.Max(1, b)) > MostElements; d = (d + 1) % shape.Length)
            shape[d] = (shape[d] + 1) / 2;
        return shape;
    }

    /// <summary>Any shape without a dimension of 0.</summary>
    public int[] Filled(int minRank, int maxRank) => [.. Shape(minRank, maxRank).Select(static d => Math.Max(1, d))];

    /// <summary>A shape that broadcasts to another.</summary>
    public int[] Broadcast(int[] to) => Once(3) ? to : [.. to[Number(0, to.Length)..].Select(d => Once(3) ? 1 : d)];

    /// <summary>An axis, counted from either end.</summary>
    public long Axis(int rank) => opset >= 11 || _schema.Operator is "Softmax" ? Number(-rank, rank - 1) : Number(0, rank - 1);

    /// <summary>Different axes in any order.</summary>
    public long[] Axes(int rank, int atLeast = 0)
    {
        int[] all = [.. Enumerable.Range(0, rank)];
        random.Shuffle(all);
        return [.. all[..Number(Math.Min(atLeast, rank), rank)].Select(a => (long)(opset >= 11 && Once(2) ? a - rank : a))];
    }

    /// <summary>All axes in any order.</summary>
    public long[] Order(int rank)
    {
        long[] all = [.. Enumerable.Range(0, rank).Select(static a => (long)a)];
        random.Shuffle(all);
        return all;
    }

    /// <summary>Float32 mostly.</summary>
    public ElementType Type(params ReadOnlySpan<ElementType> others) => Once(2) || others.IsEmpty ? ElementType.Float32 : Any(others);

    /// <summary>Numbers of any type.</summary>
    public Tensor Values(ElementType type, params ReadOnlySpan<int> shape)
    {
        var size = new Shape(shape);
        int count = size.ElementCount;
        switch (type)
        {
            case ElementType.Float32: return Tensor.From<float>(size, [.. Draw(count, Float)]);
            case ElementType.Int64: return Tensor.From<long>(size, [.. Draw(count, () => (long)Number(-9, 9))]);
            case ElementType.Int32: return Tensor.From<int>(size, [.. Draw(count, () => Number(-9, 9))]);
            case ElementType.Bool: return Tensor.From<bool>(size, [.. Draw(count, () => Once(2))]);
            default:
                byte[] bytes = new byte[count * type.Size()];
                random.NextBytes(bytes);
                return new Tensor(type, size, bytes);
        }
    }

    /// <summary>Float32 numbers of a range.</summary>
    public Tensor Within(double low, double high, params ReadOnlySpan<int> shape)
    {
        var size = new Shape(shape);
        return Tensor.From<float>(size, [.. Draw(size.ElementCount, () => (float)(low + random.NextDouble() * (high - low)))]);
    }

    /// <summary>Integers of a range, both ends included.</summary>
    public Tensor Integers(int low, int high, params ReadOnlySpan<int> shape)
    {
        var size = new Shape(shape);
        long[] values = [.. Draw(size.ElementCount, () => (long)Number(low, high))];
        return Once(3) ? Tensor.From<int>(size, [.. values.Select(static v => (int)v)]) : Tensor.From<long>(size, values);
    }

    /// <summary>An input that is given when the network runs.</summary>
    public void Feed(Tensor value) => Add(value, false);

    /// <summary>An input that is a constant.</summary>
    public void Know(Tensor value) => Add(value, true);

    /// <summary>An input that is either.</summary>
    public void Give(Tensor value) => Add(value, Once(2));

    /// <summary>An input that is left out.</summary>
    public void Miss() => Add(null, false);

    /// <summary>An attribute, where this operator set has it; an optional one only now and then.</summary>
    public void May(string name, object value)
    {
        if (Has(name) is { } rule && (rule.IsRequired || Once(2))) Attributes[name] = value;
    }

    /// <summary>An attribute that the node needs, where this operator set has it.</summary>
    /// <returns>Whether it has.</returns>
    public bool Must(string name, object value)
    {
        if (Has(name) is null) return false;
        Attributes[name] = value;
        return true;
    }

    /// <summary>A list of integers, which is an attribute in some operator sets and a later input in others.</summary>
    public void List(string name, params long[] values)
    {
        if (!Must(name, values)) Know(Tensor.Vector<long>(values));
    }

    public override string ToString() => $"{opType} of operator set {opset} ("
        + string.Join(", ", Inputs.Select((input, i) => input is null ? "none" : $"{(Constants[i] ? "constant " : "")}{input}{Few(input)}")
            .Concat(Attributes.Names.Select(name => $"{name}={Text(Attributes[name])}"))) + ")";

    private static string Few(Tensor value) =>
        value.Shape.ElementCount > 6 || value.Type is not (ElementType.Int64 or ElementType.Int32 or ElementType.Float32) ? ""
        : value.Type == ElementType.Float32 ? $" {string.Join(' ', value.ToFloats())}" : $" {string.Join(' ', value.ToInt64s())}";

    private static string Text(object? value) => value is Array list ? string.Join(':', list.Cast<object>()) : $"{value}";

    private float Float() => _isSpecial && Once(6) ? Any(Specials)
        : Once(3) ? Number(-8, 8) / 2f
        : (float)((random.NextDouble() - random.NextDouble()) * (Once(4) ? 30 : 3));

    private void Add(Tensor? value, bool isConstant)
    {
        Inputs.Add(value);
        Constants.Add(isConstant);
    }

    private (string Name, string Kind, bool IsRequired)? Has(string name) => _schema.Attributes.Any(a => a.Name == name)
        ? _schema.Attributes.First(a => a.Name == name) : null;

    private static IEnumerable<T> Draw<T>(int count, Func<T> one) => Enumerable.Range(0, count).Select(_ => one());
}
