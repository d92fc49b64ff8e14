using System.Runtime.CompilerServices;
using ResNetEdge.Model;

namespace ResNetEdge.Operators.Products;

/// <summary>
/// An equation of Einsum, resolved to axes: how many steps in each term one step along each label takes. Labels are letters, and the axes that an
/// ellipsis stands for, counted from the last. A label twice in a term walks its diagonal.
/// </summary>
internal unsafe struct EinsumEquation
{
    /// <summary>Letters of both cases and the axes of an ellipsis.</summary>
    public const int Labels = Letters + MostEllipsisAxes;

    /// <summary>Most terms.</summary>
    public const int MostTerms = 16;

    private const int Letters = 52, MostEllipsisAxes = 12;

    private fixed int _sizes[Labels];
    private fixed int _strides[Labels * MostTerms];
    private fixed bool _isOutput[Labels];
    private fixed int _output[Labels];
    private fixed int _uses[Letters];
    private int _ellipsisAxes;

    /// <summary>Axes of the output.</summary>
    public int OutputRank { get; private set; }

    /// <summary>Places of the labels that are summed over; 1 where there are none.</summary>
    public long Summed { get; private set; }

    /// <summary>Resolves an equation for the shapes of its terms.</summary>
    /// <exception cref="EdgeException">Exit 3: it is malformed or does not fit the shapes.</exception>
    public static void Parse(Node node, int terms, ReadOnlySpan<TensorView> views, ReadOnlySpan<InputType?> types, out EinsumEquation equation)
    {
        equation = default;
        for (int i = 0; i < Labels; i++) equation._sizes[i] = 1;
        string text = node.Attributes.String("equation", "");
        int arrow = text.IndexOf("->", StringComparison.Ordinal);
        var left = arrow < 0 ? text.AsSpan() : text.AsSpan(0, arrow);
        for (int term = 0; term < terms; term++)
        {
            int comma = left.IndexOf(',');
            if (comma < 0 != (term == terms - 1)) throw OperatorRules.Bad(node, $"equation '{text}' does not have a term for each of {terms} inputs");
            equation.AddTerm(node, term, comma < 0 ? left : left[..comma], types.IsEmpty ? views[term].Shape : types[term]!.Shape);
            left = comma < 0 ? default : left[(comma + 1)..];
        }

        if (arrow < 0) equation.ImplyOutput();
        else equation.AddOutput(node, text.AsSpan(arrow + 2));
        equation.Summed = 1;
        for (int i = 0; i < Labels; i++)
            if (!equation._isOutput[i]) equation.Summed *= equation._sizes[i];
    }

    /// <summary>Size of an axis of the output.</summary>
    public readonly int OutputSize(int axis) => _sizes[_output[axis]];

    /// <summary>Where each term stands for an element of the output and a place of the sum, both counted row-major.</summary>
    public readonly void Offsets(int output, long place, Span<int> offsets)
    {
        offsets.Clear();
        for (int axis = OutputRank - 1; axis >= 0; axis--)
        {
            int label = _output[axis];
            (output, int index) = Math.DivRem(output, _sizes[label]);
            Step(label, index, offsets);
        }

        for (int label = 0; label < Labels; label++)
        {
            if (_isOutput[label] || _sizes[label] == 1) continue;
            (place, long index) = Math.DivRem(place, _sizes[label]);
            Step(label, (int)index, offsets);
        }
    }

    private readonly void Step(int label, int index, Span<int> offsets)
    {
        for (int term = 0; term < offsets.Length; term++) offsets[term] += index * _strides[term * Labels + label];
    }

    private void AddTerm(Node node, int term, ReadOnlySpan<char> text, Shape shape)
    {
        int letters = 0, dots = 0;
        foreach (char c in text)
        {
            if (char.IsAsciiLetter(c)) letters++;
            else if (c == '.') dots++;
            else if (c != ' ') throw OperatorRules.Bad(node, $"its equation has the character '{c}', which is not supported");
        }

        int hidden = shape.Rank - letters, axis = 0;
        if (hidden < 0 || (dots == 0 && hidden > 0) || dots is not (0 or 3) || hidden > MostEllipsisAxes)
            throw OperatorRules.Bad(node, $"term '{text}' does not fit an input of shape {shape}");
        _ellipsisAxes = Math.Max(_ellipsisAxes, dots == 0 ? 0 : hidden);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ') continue;
            if (text[i] != '.')
            {
                _uses[LabelOf(text[i])]++;
                AddAxis(node, term, LabelOf(text[i]), shape, axis++);
                continue;
            }

            if (!text[i..].StartsWith("...")) throw OperatorRules.Bad(node, $"term '{text}' has a dot that is not one of three");
            i += 2;
            for (int h = hidden; h > 0; h--) AddAxis(node, term, Letters + h - 1, shape, axis++);
        }
    }

    private void AddAxis(Node node, int term, int label, Shape shape, int axis)
    {
        int size = shape[axis], stride = 1;
        for (int d = axis + 1; d < shape.Rank; d++) stride *= shape[d];
        if (size != 1 && _sizes[label] != 1 && _sizes[label] != size)
            throw OperatorRules.Bad(node, $"the sizes {_sizes[label]} and {size} of one label of its equation differ");
        if (size == 1) return;
        _sizes[label] = size;
        _strides[term * Labels + label] += stride;
    }

    /// <summary>Without an arrow: the ellipsis, then the letters that occur once, in alphabetical order.</summary>
    private void ImplyOutput()
    {
        AddEllipsis();
        for (int label = 0; label < Letters; label++)
            if (_uses[label] == 1) AddOutput(label);
    }

    private void AddOutput(Node node, ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ') continue;
            if (text[i..].StartsWith("..."))
            {
                i += 2;
                AddEllipsis();
                continue;
            }

            if (!char.IsAsciiLetter(text[i]) || _uses[LabelOf(text[i])] == 0 || _isOutput[LabelOf(text[i])])
                throw OperatorRules.Bad(node, $"the output '{text}' of its equation has '{text[i]}', which no input has or which is there twice");
            AddOutput(LabelOf(text[i]));
        }
    }

    private void AddEllipsis()
    {
        for (int h = _ellipsisAxes; h > 0; h--)
            if (!_isOutput[Letters + h - 1]) AddOutput(Letters + h - 1);
    }

    private void AddOutput(int label)
    {
        _isOutput[label] = true;
        _output[OutputRank++] = label;
    }

    // Upper case first, as in ASCII.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LabelOf(char letter) => char.IsAsciiLetterUpper(letter) ? letter - 'A' : letter - 'a' + 26;
}
