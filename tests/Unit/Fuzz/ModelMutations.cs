using Google.Protobuf;
using Google.Protobuf.Collections;
using ResNetEdge.Onnx.Proto;

namespace ResNetEdge.Tests.Unit.Fuzz;

/// <summary>
/// The grammar of damage: one to four changes of a model's structure (nodes, their inputs, outputs, attributes and operators; shapes, types,
/// constants, names, versions), then now and then of its bytes.
/// </summary>
internal sealed class ModelMutations
{
    private static readonly long[] Integers =
    [
        0, 1, -1, 2, 3, 7, 16, 255, 256, 1 << 20, int.MaxValue, int.MinValue, 1L << 31, 1L << 32, 1L << 40, long.MaxValue, long.MinValue,
    ];
    private static readonly float[] Numbers =
    [
        0, -0f, 1, -1, 1e-38f, 1e38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, 0.5f, 255,
    ];

    private readonly Random _random;
    private readonly GraphProto _graph;
    private readonly ModelProto _model;
    private readonly List<string> _values;

    private ModelMutations(Random random, ModelProto model)
    {
        (_random, _model, _graph) = (random, model, model.Graph);
        _values =
        [
            .. _graph.Node.SelectMany(n => n.Output), .. _graph.Input.Select(i => i.Name), .. _graph.Initializer.Select(t => t.Name), "",
            "no such value",
        ];
    }

    /// <summary>A damaged copy of a model of the corpus, as a file's bytes.</summary>
    /// <param name="seed">Decides everything.</param>
    public static byte[] Make(int seed)
    {
        var random = new Random(seed);
        var model = ModelCorpus.All[random.Next(ModelCorpus.All.Count)].Clone();
        var mutations = new ModelMutations(random, model);
        for (int i = random.Next(1, 5); i > 0; i--) mutations.Change();
        byte[] bytes = model.ToByteArray();
        if (random.Next(5) > 0) return bytes;
        for (int i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private void Change()
    {
        switch (_random.Next(14))
        {
            case 0 when _graph.Node.Count > 0: Names(AnyNode().Input); break;
            case 1 when _graph.Node.Count > 0: Names(AnyNode().Output); break;
            case 2 when _graph.Node.Count > 0: AnyNode().OpType = Pick(ModelCorpus.OpTypes); break;
            case 3 or 4 when _graph.Node.Count > 0: Attributes(AnyNode()); break;
            case 5: Nodes(); break;
            case 6 when _graph.Input.Count > 0: Shape(Pick(_graph.Input)); break;
            case 7 when _graph.Output.Count > 0: Output(); break;
            case 8 or 9 or 10 when _graph.Initializer.Count > 0: Constant(Pick(_graph.Initializer)); break;
            case 11: _model.OpsetImport[0].Version = _random.Next(3) == 0 ? Pick(Integers) : _random.Next(5, 26); break;
            case 12 when _graph.Node.Count > 0: AnyNode().Domain = Pick<string>(["", "ai.onnx", "com.microsoft", "local", "a\u001bb"]); break;
            default: Rename(); break;
        }
    }

    private NodeProto AnyNode() => Pick(_graph.Node);

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private T Pick<T>(RepeatedField<T> from) => from[_random.Next(from.Count)];

    private void Names(RepeatedField<string> names)
    {
        switch (_random.Next(4))
        {
            case 0: names.Insert(_random.Next(names.Count + 1), Pick(_values)); break;
            case 1 when names.Count > 0: names.RemoveAt(_random.Next(names.Count)); break;
            case 2: names.Clear(); break;
            default:
                if (names.Count > 0) names[_random.Next(names.Count)] = Pick(_values);
                break;
        }
    }

    private void Attributes(NodeProto node)
    {
        if (node.Attribute.Count == 0 || _random.Next(3) == 0)
        {
            node.Attribute.Add(
                new AttributeProto { Name = Pick(ModelCorpus.Attributes), Type = AttributeProto.Types.AttributeType.Int, I = Pick(Integers) });
            if (_random.Next(2) == 0) return;
        }

        var attribute = Pick(node.Attribute);
        switch (_random.Next(7))
        {
            case 0: node.Attribute.Remove(attribute); break;
            case 1: attribute.Type = (AttributeProto.Types.AttributeType)_random.Next(-1, 16); break;
            case 2: attribute.I = Pick(Integers); break;
            case 3: attribute.F = Pick(Numbers); break;
            case 4:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                Integral(attribute.Ints);
                break;
            case 5:
                attribute.Type = AttributeProto.Types.AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(Pick<string>(["SAME_UPPER", "SAME_LOWER", "VALID", "reflect", "edge", "", "\0"]));
                break;
            default: attribute.Name = Pick(ModelCorpus.Attributes); break;
        }
    }

    private void Integral(RepeatedField<long> values)
    {
        switch (_random.Next(3))
        {
            case 0: values.Add(Pick(Integers)); break;
            case 1 when values.Count > 0: values[_random.Next(values.Count)] = Pick(Integers); break;
            default:
                if (values.Count > 0) values.RemoveAt(_random.Next(values.Count));
                break;
        }
    }

    private void Nodes()
    {
        if (_graph.Node.Count == 0) return;
        int at = _random.Next(_graph.Node.Count);
        switch (_random.Next(4))
        {
            case 0: _graph.Node.RemoveAt(at); break;
            case 1: _graph.Node.Insert(_random.Next(_graph.Node.Count), _graph.Node[at].Clone()); break;
            case 2:
                var copy = _graph.Node[at].Clone();
                copy.Output.Clear();
                copy.Output.Add($"copy {_graph.Node.Count}");
                copy.Name = Pick<string>(["", copy.Name, "copy"]);
                _graph.Node.Add(copy);
                _values.Add(copy.Output[0]);
                break;
            default:
                int other = _random.Next(_graph.Node.Count);
                (_graph.Node[at], _graph.Node[other]) = (_graph.Node[other].Clone(), _graph.Node[at].Clone());
                break;
        }
    }

    private void Shape(ValueInfoProto value)
    {
        var tensor = value.Type?.TensorType;
        if (tensor?.Shape is null || _random.Next(8) == 0)
        {
            value.Type = _random.Next(2) == 0 ? null : new TypeProto { SequenceType = ByteString.Empty };
            return;
        }

        var dimensions = tensor.Shape.Dim;
        switch (_random.Next(5))
        {
            case 0: tensor.ElemType = _random.Next(0, 24); break;
            case 1: dimensions.Insert(_random.Next(dimensions.Count + 1), new TensorShapeProto.Types.Dimension { DimValue = Pick(Integers) }); break;
            case 2 when dimensions.Count > 0: dimensions.RemoveAt(_random.Next(dimensions.Count)); break;
            case 3 when dimensions.Count > 0:
                dimensions[_random.Next(dimensions.Count)] = new TensorShapeProto.Types.Dimension { DimParam = "n" };
                break;
            default:
                if (dimensions.Count > 0)
                    dimensions[_random.Next(dimensions.Count)].DimValue = _random.Next(2) == 0 ? Pick(Integers) : _random.Next(1, 40);
                break;
        }
    }

    private void Output()
    {
        switch (_random.Next(4))
        {
            case 0: Pick(_graph.Output).Name = Pick(_values); break;
            case 1: _graph.Output.Add(Pick(_graph.Output).Clone()); break;
            case 2: _graph.Output.Add(new ValueInfoProto { Name = Pick(_values) }); break;
            default: Shape(Pick(_graph.Output)); break;
        }
    }

    private void Constant(TensorProto tensor)
    {
        switch (_random.Next(8))
        {
            case 0: tensor.DataType = _random.Next(0, 24); break;
            case 1: Integral(tensor.Dims); break;
            case 2: tensor.RawData = tensor.RawData.Length == 0 ? ByteString.CopyFrom(1) : ByteString.CopyFrom(tensor.RawData.Span[..^1]); break;
            case 3: tensor.Name = Pick(_values); break;
            case 4: tensor.DataLocation = TensorProto.Types.DataLocation.External; break;
            default: Value(tensor); break;
        }
    }

    /// <summary>One element becomes one that arithmetic may stumble over.</summary>
    private void Value(TensorProto tensor)
    {
        byte[] bytes = tensor.RawData.ToByteArray();
        byte[] element = tensor.DataType == 7 ? BitConverter.GetBytes(Pick(Integers))
            : tensor.DataType == 1 ? BitConverter.GetBytes(Pick(Numbers))
            : [(byte)_random.Next(256)];
        if (bytes.Length < element.Length) return;
        element.CopyTo(bytes, _random.Next(bytes.Length / element.Length) * element.Length);
        tensor.RawData = ByteString.CopyFrom(bytes);
    }

    private void Rename()
    {
        string name = Pick<string>(["", "a/b", "a_b", "\u001b[31m", new string('n', 400), "ä", Pick(_values)]);
        if (_random.Next(2) == 0 && _graph.Node.Count > 0) AnyNode().Name = name;
        else if (_graph.Input.Count > 0) Pick(_graph.Input).Name = name;
    }
}
