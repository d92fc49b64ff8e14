using System.Globalization;
using System.Text;
using ResNetEdge.Model;

namespace ResNetEdge.Packages;

/// <summary>
/// The header of a .npy file: a Python dictionary with <c>descr</c>, <c>fortran_order</c> and <c>shape</c>, read by a grammar of its
/// own that knows nothing else of Python. Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
/// </summary>
internal ref struct NpyHeader
{
    private readonly ReadOnlySpan<char> _text;
    private int _position;

    private NpyHeader(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Reads a header.</summary>
    /// <exception cref="FormatException">Malformed, or a type, order or shape that is not supported.</exception>
    public static (ElementType Type, Shape Shape) Parse(ReadOnlySpan<byte> header) => new NpyHeader(Encoding.Latin1.GetString(header)).Parse();

    /// <summary>Writes a header: C order, little-endian.</summary>
    public static string Format(ElementType type, Shape shape) =>
        $"{{'descr': '{ElementNames.Descr(type)}', 'fortran_order': False, 'shape': "
            + $"({string.Concat(shape.Dimensions.ToArray().Select((d, i) => i == 0 ? $"{d}," : i == 1 ? $" {d}" : $", {d}"))}), }}";

    private (ElementType Type, Shape Shape) Parse()
    {
        string? descr = null;
        bool? isFortran = null;
        int[]? dims = null;
        Expect('{');
        while (!TryTake('}'))
        {
            string key = String();
            Expect(':');
            switch (key)
            {
                case "descr": descr = Peek() is '\'' or '"' ? String() : throw new FormatException("records are not supported"); break;
                case "fortran_order": isFortran = TryTakeWord("True") || (TryTakeWord("False") ? false : throw Malformed()); break;
                case "shape": dims = Dimensions(); break;
                default: throw new FormatException($"the header has the unknown key '{key}'");
            }

            if (!TryTake(',') && Peek() != '}') throw Malformed();
        }

        if (_text[_position..].Trim().Length > 0 || descr is null || isFortran is null || dims is null) throw Malformed();
        if (!ElementNames.TryParseDescr(descr, out var type)) throw new FormatException($"the element type '{descr}' is not supported");
        if (isFortran.Value && dims.Count(d => d > 1) > 1)
            throw new FormatException("Fortran order is not supported; save with numpy.ascontiguousarray");
        long count = 1;
        foreach (int d in dims)
        {
            if ((count *= d) > Shape.MaxElements) throw new FormatException($"the shape {string.Join('x', dims)} is impossible");
        }

        return (type, new Shape(dims));
    }

    private int[] Dimensions()
    {
        var dims = new List<int>();
        Expect('(');
        while (!TryTake(')'))
        {
            if (dims.Count == 32) throw new FormatException("more than 32 dimensions");
            Peek();
            int start = _position;
            while (_position < _text.Length && char.IsAsciiDigit(_text[_position])) _position++;
            dims.Add(int.TryParse(_text[start.._position], NumberStyles.None, CultureInfo.InvariantCulture, out int d) ? d : throw Malformed());
            if (!TryTake(',') && Peek() != ')') throw Malformed();
        }

        return [.. dims];
    }

    private string String()
    {
        char quote = Peek() is '\'' or '"' ? _text[_position++] : throw Malformed();
        int length = _text[_position..].IndexOf(quote);
        if (length < 0) throw Malformed();
        _position += length + 1;
        return _text.Slice(_position - length - 1, length).ToString();
    }

    private char Peek()
    {
        while (_position < _text.Length && (_text[_position] is ' ' or '\n' or '\t')) _position++;
        return _position < _text.Length ? _text[_position] : '\0';
    }

    private bool TryTake(char wanted)
    {
        if (Peek() != wanted) return false;
        _position++;
        return true;
    }

    private bool TryTakeWord(string word)
    {
        Peek();
        if (!_text[_position..].StartsWith(word, StringComparison.Ordinal)) return false;
        _position += word.Length;
        return true;
    }

    private void Expect(char wanted)
    {
        if (!TryTake(wanted)) throw Malformed();
    }

    private readonly FormatException Malformed() => new($"the header is malformed at character {_position}");
}
