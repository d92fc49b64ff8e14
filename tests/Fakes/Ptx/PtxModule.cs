using System.Globalization;

namespace ResNetEdge.Tests.Fakes.Ptx;

/// <summary>Reads the PTX text that clang writes for our kernels. Anything that it does not know is an error.</summary>
internal sealed class PtxModule
{
    private readonly PtxTokens _tokens;
    private int _scopes;

    /// <exception cref="FormatException">Text that clang does not write for our kernels.</exception>
    public PtxModule(string text)
    {
        _tokens = new PtxTokens(text);
        while (_tokens.AreLeft)
        {
            if (_tokens.TryTake(".version")) _tokens.Next();
            else if (_tokens.TryTake(".target")) Target = int.Parse(_tokens.Next()["sm_".Length..], CultureInfo.InvariantCulture);
            else if (_tokens.TryTake(".address_size")) _tokens.Expect("64");
            else if (_tokens.TryTake(".visible")) ReadFunction();
            else throw _tokens.Wrong("unknown directive");
        }
    }

    /// <summary>By name.</summary>
    public Dictionary<string, PtxFunction> Functions { get; } = [];

    /// <summary>The least processor: 80 for sm_80.</summary>
    public int Target { get; }

    /// <summary>Bytes of a type as <c>.u32</c>.</summary>
    public static int SizeOf(string type) => type[^2..] switch
    {
        "64" => 8,
        "32" => 4,
        "16" => 2,
        "u8" or "s8" or "b8" => 1,
        _ => throw new FormatException($"type {type}"),
    };

    private void ReadFunction()
    {
        _tokens.Expect(".entry");
        var f = new PtxFunction(_tokens.Next());
        Functions.Add(f.Name, f);
        _tokens.Expect("(");
        while (!_tokens.TryTake(")"))
        {
            _tokens.Expect(".param");
            var (name, size, align) = ReadVariable();
            int offset = (f.ParameterBytes + align - 1) / align * align;
            f.Parameters.Add(name, (offset, size));
            f.ParameterBytes = offset + size;
            _tokens.TryTake(",");
        }

        if (_tokens.TryTake(".maxntid"))
        {
            f.MostThreads = int.Parse(_tokens.Next(), CultureInfo.InvariantCulture);
            while (_tokens.TryTake(",")) f.MostThreads *= int.Parse(_tokens.Next(), CultureInfo.InvariantCulture);
        }

        _tokens.Expect("{");
        ReadBlock(f, []);
    }

    private (string Name, int Size, int Align) ReadVariable()
    {
        int align = _tokens.TryTake(".align") ? int.Parse(_tokens.Next(), CultureInfo.InvariantCulture) : 0;
        int size = SizeOf(_tokens.Next());
        string name = _tokens.Next();
        if (align == 0) align = size;
        if (_tokens.TryTake("["))
        {
            size *= int.Parse(_tokens.Next(), CultureInfo.InvariantCulture);
            _tokens.Expect("]");
        }

        return (name, size, align);
    }

    private void ReadBlock(PtxFunction f, Dictionary<string, string> names)
    {
        while (!_tokens.TryTake("}"))
        {
            if (_tokens.TryTake("{")) ReadBlock(f, new(names));
            else if (_tokens.TryTake(".reg")) ReadRegisters(names);
            else if (_tokens.TryTake(".shared"))
            {
                var (name, size, align) = ReadVariable();
                int offset = (f.SharedBytes + align - 1) / align * align;
                f.Shared.Add(name, (offset, size));
                f.SharedBytes = offset + size;
                _tokens.Expect(";");
            }
            else if (_tokens.TryTake(".pragma"))
            {
                while (_tokens.Next() != ";") continue;
            }
            else if (_tokens.PeekSecond == ":")
            {
                f.Labels.Add(_tokens.Next(), f.Body.Count);
                _tokens.Expect(":");
            }
            else ReadStatement(f, names);
        }
    }

    private void ReadRegisters(Dictionary<string, string> names)
    {
        _tokens.Next();
        do
        {
            string name = _tokens.Next();
            if (_tokens.TryTake("<")) // %r<12>: any %r, in the whole function
            {
                _tokens.Next();
                _tokens.Expect(">");
            }
            else names[name] = $"{name}#{_scopes++}";
        }
        while (_tokens.TryTake(","));
        _tokens.Expect(";");
    }

    private void ReadStatement(PtxFunction f, Dictionary<string, string> names)
    {
        int line = _tokens.Line;
        bool isGuarded = _tokens.TryTake("@"), isNegated = isGuarded && _tokens.TryTake("!");
        string? guard = isGuarded ? Scoped(_tokens.Next(), names) : null;
        string opcode = _tokens.Next();
        var operands = new List<PtxOperand>();
        while (!_tokens.TryTake(";"))
        {
            operands.Add(ReadOperand(names, opcode is "bra" or "bra.uni"));
            _tokens.TryTake(",");
        }

        f.Body.Add(new(opcode, operands, guard, isNegated, line));
    }

    private static string Scoped(string name, Dictionary<string, string> names) => names.GetValueOrDefault(name, name);

    private PtxOperand ReadOperand(Dictionary<string, string> names, bool isLabel)
    {
        string text = _tokens.Next();
        if (text == "{") return new(PtxOperandKind.Vector, "", 0, ReadParts(names));
        if (text == "[") return ReadAddress(names);
        if (isLabel) return new(PtxOperandKind.Label, text);
        if (text.StartsWith("0d", StringComparison.Ordinal))
            return new(PtxOperandKind.Immediate, text, ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        if (text.StartsWith("0f", StringComparison.Ordinal))
            return new(PtxOperandKind.Immediate, text, uint.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        if (char.IsDigit(text[0]) || text[0] == '-')
            return new(PtxOperandKind.Immediate, text, (ulong)long.Parse(text, CultureInfo.InvariantCulture));
        string name = Scoped(text, names);
        return new(PtxOperand.IsRegister(name) ? PtxOperandKind.Register : PtxOperandKind.Symbol, name);
    }

    private List<PtxOperand> ReadParts(Dictionary<string, string> names)
    {
        var parts = new List<PtxOperand>();
        while (!_tokens.TryTake("}"))
        {
            parts.Add(ReadOperand(names, isLabel: false));
            _tokens.TryTake(",");
        }

        return parts;
    }

    private PtxOperand ReadAddress(Dictionary<string, string> names)
    {
        string name = Scoped(_tokens.Next(), names);
        bool isMoved = _tokens.TryTake("+") || _tokens.Peek.StartsWith('-');
        long offset = isMoved ? long.Parse(_tokens.Next(), CultureInfo.InvariantCulture) : 0;
        _tokens.Expect("]");
        return new(PtxOperandKind.Address, name, (ulong)offset);
    }
}
