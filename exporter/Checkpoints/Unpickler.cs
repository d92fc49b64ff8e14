using System.Globalization;
using System.Numerics;
using System.Text;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// A restricted pickle machine, protocols 0 to 5. It builds None, bools, numbers, text, bytes, tuples (<c>object?[]</c>), lists
/// (<c>List&lt;object?&gt;</c>), <see cref="PickledDictionary"/> and <see cref="PickledTensor"/>; a global outside <see cref="PickleGlobals"/>
/// is refused by its name, and nothing is ever executed. Opcodes as in CPython's <c>pickletools</c>.
/// </summary>
/// <remarks>The work is bounded: every opcode takes a byte of the file, pushes are counted, containers share what they refer to
/// (no value is ever copied or walked, so references to references cost nothing), and the stack has a limit.</remarks>
internal sealed partial class Unpickler
{
    /// <summary>ResNet-1202 with its optimizer's state needs about a tenth of these.</summary>
    private const int MaxObjects = 2_000_000;

    private const int MaxStack = 200_000;
    private const int MaxMarks = 256;
    private const int MaxTextBytes = 64 << 20;
    private const int MaxIntegerBytes = 64;

    private readonly ByteCursor _bytes;
    private readonly Func<object?[], PickledStorage> _storage;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _objects;
    private long _textBytes;

    /// <summary>Prepares to read one pickle.</summary>
    /// <param name="file">The checkpoint's name, for messages.</param>
    /// <param name="bytes">Stands at the pickle's first opcode; stands behind STOP afterwards.</param>
    /// <param name="storage">Makes a storage of a persistent id's tuple, or refuses it.</param>
    public Unpickler(string file, ByteCursor bytes, Func<object?[], PickledStorage> storage) => (File, _bytes, _storage) = (file, bytes, storage);

    /// <summary>The checkpoint's name, for messages.</summary>
    public string File { get; }

    /// <summary>Reads up to STOP and returns the object left.</summary>
    /// <exception cref="EdgeException">Exit 3: truncated, malformed, too large, or asking for a
    /// global that is not a tensor or plain container.</exception>
    public object? Read()
    {
        while (true)
        {
            byte opcode = _bytes.Byte();
            if (opcode == (byte)'.')
                return _stack.Count == 1 && _marks.Count == 0 ? _stack[0] : throw Malformed("ends with a stack that is not one object");
            if (!Constant(opcode) && !Text(opcode) && !Container(opcode) && !Reference(opcode))
                throw Malformed($"has the opcode 0x{opcode:x2}, which no checkpoint needs");
        }
    }

    /// <summary>The refusal of a call whose arguments do not fit.</summary>
    public EdgeException BadArguments(string what) => Malformed($"builds {what} from invalid arguments");

    /// <summary>Counts text and bytes made, which a few opcodes could multiply.</summary>
    public void CountText(long bytes)
    {
        _textBytes += bytes;
        if (_textBytes > MaxTextBytes) throw TooLarge($"{MaxTextBytes >> 20} MiB of text");
    }

    private bool Constant(byte opcode)
    {
        switch ((char)opcode)
        {
            case 'N': Push(null); return true;
            case '\x88': Push(true); return true;
            case '\x89': Push(false); return true;
            case 'K': Push((long)_bytes.Byte()); return true;
            case 'M': Push((long)_bytes.UInt16()); return true;
            case 'J': Push((long)_bytes.Int32()); return true;
            case '\x8a': PushInteger(_bytes.Byte()); return true;
            case '\x8b': PushInteger(_bytes.UInt32()); return true;
            case 'I':
                string line = _bytes.Line();
                if (line is "00" or "01") Push(line == "01");
                else PushInteger(line);
                return true;
            case 'L': PushInteger(_bytes.Line().TrimEnd('L')); return true;
            case 'G': Push(_bytes.DoubleBigEndian()); return true;
            case 'F':
                Push(double.TryParse(_bytes.Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    ? number : throw Malformed("has an invalid float"));
                return true;
            default: return false;
        }
    }

    private bool Text(byte opcode)
    {
        switch ((char)opcode)
        {
            case 'X': PushText(_bytes.UInt32(), Encoding.UTF8); return true;
            case '\x8c': PushText(_bytes.Byte(), Encoding.UTF8); return true;
            case '\x8d': PushText(_bytes.Int64(), Encoding.UTF8); return true;
            // Python 2 wrote its byte strings as text.
            case 'T': PushText(_bytes.Int32(), Encoding.Latin1); return true;
            case 'U': PushText(_bytes.Byte(), Encoding.Latin1); return true;
            case 'V': Push(_bytes.Line()); return true;
            case 'S': Push(Quoted(_bytes.Line())); return true;
            case 'B': PushBytes(_bytes.UInt32()); return true;
            case 'C': PushBytes(_bytes.Byte()); return true;
            case '\x8e' or '\x96': PushBytes(_bytes.Int64()); return true;
            default: return false;
        }
    }

    private void Push(object? value)
    {
        if (++_objects > MaxObjects) throw TooLarge($"{MaxObjects} objects");
        if (_stack.Count >= MaxStack) throw TooLarge($"{MaxStack} objects on its stack");
        _stack.Add(value);
    }

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw Malformed("takes from an empty stack");

    private T Pop<T>(string what) => Pop() is T value ? value : throw Malformed($"has something else where {what} is expected");

    private T Peek<T>(string what) => Peek() is T value ? value : throw Malformed($"has something else where {what} is expected");

    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    private void Mark()
    {
        if (_marks.Count >= MaxMarks) throw TooLarge($"{MaxMarks} nested containers");
        if (++_objects > MaxObjects) throw TooLarge($"{MaxObjects} objects");
        _marks.Add(_stack.Count);
    }

    private object?[] PopMark()
    {
        if (_marks.Count == 0) throw Malformed("closes a container that was never opened");
        int from = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        var items = new object?[_stack.Count - from];
        _stack.CopyTo(from, items, 0, items.Length);
        _stack.RemoveRange(from, items.Length);
        return items;
    }

    private void PushText(long length, Encoding encoding)
    {
        CountText(length);
        Push(encoding.GetString(_bytes.Take(length).Span));
    }

    private void PushBytes(long length)
    {
        CountText(length);
        Push(_bytes.Take(length).ToArray());
    }

    private void PushInteger(long length)
    {
        if (length > MaxIntegerBytes) throw TooLarge($"{MaxIntegerBytes} bytes for one integer");
        PushInteger(new BigInteger(_bytes.Take(length).Span));
    }

    private void PushInteger(string text) =>
        PushInteger(
            text.Length <= MaxIntegerBytes && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value : throw Malformed("has an invalid integer"));

    // A long where it fits, as everything that looks at integers expects.
    private void PushInteger(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue) Push((long)value);
        else Push(value);
    }

    private string Quoted(string line) =>
        line is ['\'', .., '\''] or ['"', .., '"'] && !line.Contains('\\') ? line[1..^1] : throw Malformed("has an invalid quoted string");

    private EdgeException Malformed(string why) => EdgeException.BadInput(
        $"{File}: the pickle {why} (before byte {_bytes.Position}); the checkpoint is damaged or was not written by torch.save");

    private EdgeException TooLarge(string what) => EdgeException.BadInput(
        $"{File}: the pickle needs more than {what} (at byte {_bytes.Position}), far beyond any checkpoint; save only the state_dict");
}
