namespace ResNetEdge.Exporter.Checkpoints;

/// <content>Opcodes that make containers, refer to other objects, and name globals.</content>
internal sealed partial class Unpickler
{
    private bool Container(byte opcode)
    {
        switch ((char)opcode)
        {
            case '(': Mark(); return true;
            case ')': Push(Array.Empty<object?>()); return true;
            case 't': Push(PopMark()); return true;
            case '\x85': PushTuple(1); return true;
            case '\x86': PushTuple(2); return true;
            case '\x87': PushTuple(3); return true;
            case ']': Push(new List<object?>()); return true;
            case 'l': Push(PopMark().ToList()); return true;
            case 'a': Append([Pop()]); return true;
            case 'e': Append(PopMark()); return true;
            case '}': Push(new PickledDictionary()); return true;
            case 'd': Push(Fill(new PickledDictionary(), PopMark())); return true;
            case 's':
                object? value = Pop();
                object? key = Pop();
                Fill(Peek<PickledDictionary>("a dict"), [key, value]);
                return true;
            case 'u':
                var pairs = PopMark();
                Fill(Peek<PickledDictionary>("a dict"), pairs);
                return true;
            // A set is kept as the list of its members: nothing that is looked at here is a set.
            case '\x8f': Push(new List<object?>()); return true;
            case '\x90': Append(PopMark()); return true;
            case '\x91': Push(PopMark().ToList()); return true;
            default: return false;
        }
    }

    private bool Reference(byte opcode)
    {
        switch ((char)opcode)
        {
            case '\x80':
                byte protocol = _bytes.Byte();
                return protocol <= 5 ? true : throw Malformed($"has protocol {protocol}, and only 0 to 5 exist");
            case '\x95':
                long frame = _bytes.Int64();
                return frame >= 0 && frame <= _bytes.Remaining ? true
                    : throw Malformed($"has a frame of {frame} bytes where {_bytes.Remaining} are left");
            case '0':
                // POP also takes a mark that stands on top.
                if (_marks.Count > 0 && _marks[^1] == _stack.Count) _marks.RemoveAt(_marks.Count - 1);
                else Pop();
                return true;
            case '1': PopMark(); return true;
            case '2': Push(Peek()); return true;
            case 'p': Memoize(_bytes.Line()); return true;
            case 'q': _memo[_bytes.Byte()] = Peek(); return true;
            case 'r': _memo[_bytes.UInt32()] = Peek(); return true;
            case '\x94': _memo[(uint)_memo.Count] = Peek(); return true;
            case 'g': Recall(Index(_bytes.Line())); return true;
            case 'h': Recall(_bytes.Byte()); return true;
            case 'j': Recall(_bytes.UInt32()); return true;
            case 'Q': Push(_storage(Pop<object?[]>("a storage's id"))); return true;
            case 'c': Push(Global(_bytes.Line(), _bytes.Line())); return true;
            case '\x93':
                string name = Pop<string>("a global's name");
                Push(Global(Pop<string>("a global's module"), name));
                return true;
            case 'i': throw Refused(_bytes.Line(), _bytes.Line());
            case 'R' or '\x81':
                var arguments = Pop<object?[]>("a call's arguments");
                var global = Pop<PickleGlobal>("a global to call");
                Push(global.Call is { } call ? call(this, arguments) : throw Malformed($"calls {global.Name}, which is not a function"));
                return true;
            case 'b': Build(Pop()); return true;
            default: return false;
        }
    }

    private void PushTuple(int length)
    {
        var items = new object?[length];
        for (int i = length - 1; i >= 0; i--) items[i] = Pop();
        Push(items);
    }

    private void Append(object?[] items) => Peek<List<object?>>("a list").AddRange(items);

    private PickledDictionary Fill(PickledDictionary dictionary, object?[] pairs)
    {
        if (pairs.Length % 2 != 0) throw Malformed("has a dict with a key and no value");
        for (int i = 0; i < pairs.Length; i += 2) dictionary.Set(pairs[i], pairs[i + 1]);
        return dictionary;
    }

    private void Memoize(string index) => _memo[Index(index)] = Peek();

    private uint Index(string text) => uint.TryParse(text, out uint index) ? index : throw Malformed("has an invalid memo index");

    private void Recall(uint index) =>
        Push(_memo.TryGetValue(index, out object? value) ? value : throw Malformed($"recalls object {index}, which it never stored"));

    private PickleGlobal Global(string module, string name) => PickleGlobals.Find($"{module}.{name}") ?? throw Refused(module, name);

    // State given to an object after it was made: attributes of an OrderedDict (_metadata) or of a tensor carry no weights.
    private void Build(object? state)
    {
        switch (Peek())
        {
            case PickledDictionary or PickledTensor: break;
            case PickledDtype when PickledDtype.IsLittleEndian(state): break;
            default: throw Malformed("sets the state of an object that has no state");
        }
    }

    private EdgeException Refused(string module, string name) => EdgeException.BadInput(
        $"{File}: the pickle asks for {FileText.Quote($"{module}.{name}")}, which is not a tensor or plain container and is never executed; "
        + "save only the weights with torch.save(model.state_dict(), path)");
}
