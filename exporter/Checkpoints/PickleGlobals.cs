using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>The table of every global that a checkpoint's pickle may name. What is not here is refused by its name.</summary>
internal static class PickleGlobals
{
    private static readonly PickleGlobal[] Plain =
    [
        new("torch._utils._rebuild_tensor", static (p, args) => Tensor(p, args, 4)),
        new("torch._utils._rebuild_tensor_v2", static (p, args) => Tensor(p, args, 6)),
        new("torch._utils._rebuild_parameter", static (p, args) => Parameter(p, args, 3)),
        new("torch._utils._rebuild_parameter_with_state", static (p, args) => Parameter(p, args, 4)),
        new("torch.Size", static (p, args) => args is [object?[] sizes] ? sizes : throw p.BadArguments("torch.Size")),
        new("collections.OrderedDict", Dictionary),
        new("_codecs.encode", Encode),
        new("numpy.dtype", NumpyDtype),
        new("numpy.core.multiarray.scalar", NumpyScalar),
        new("numpy._core.multiarray.scalar", NumpyScalar),
        // Bytes without an element type: fit to be stored, of no use to a tensor of floats.
        new("torch.storage.UntypedStorage", null, new StoredType(ElementType.UInt8, 1)),
        new("torch.storage._UntypedStorage", null, new StoredType(ElementType.UInt8, 1)),
        new("torch.UntypedStorage", null, new StoredType(ElementType.UInt8, 1)),
    ];

    private static readonly FrozenDictionary<string, PickleGlobal> Table = Plain
        .Concat(PickledSettings.Globals)
        .Concat(StoredType.OfTorch.Select(static s => new PickleGlobal("torch." + s.Key, null, s.Value)))
        .ToFrozenDictionary(static g => g.Name, StringComparer.Ordinal);

    /// <summary>The global of that name, or null: to be refused.</summary>
    public static PickleGlobal? Find(string name) => Table.GetValueOrDefault(name);

    // (storage, offset, size, stride [, requires_grad, hooks [, metadata]])
    private static PickledTensor Tensor(Unpickler pickle, object?[] args, int least) =>
        args.Length >= least && args is [PickledStorage storage, long offset, object?[] sizes, object?[] strides, ..]
            ? PickledTensor.Create(pickle.File, storage, offset, Integers(pickle, sizes), Integers(pickle, strides))
            : throw pickle.BadArguments("a tensor");

    private static PickledTensor Parameter(Unpickler pickle, object?[] args, int count) =>
        args.Length == count && args[0] is PickledTensor tensor ? tensor : throw pickle.BadArguments("a parameter");

    private static long[] Integers(Unpickler pickle, object?[] values) =>
        Array.ConvertAll(values, v => v is long number ? number : throw pickle.BadArguments("a tensor's size"));

    private static PickledDictionary Dictionary(Unpickler pickle, object?[] args)
    {
        var result = new PickledDictionary();
        if (args is []) return result;
        if (args is not [List<object?> pairs]) throw pickle.BadArguments("collections.OrderedDict");
        foreach (object? pair in pairs)
        {
            // Python 2 wrote pairs as lists.
            switch (pair)
            {
                case object?[] and [var key, var value]: result.Set(key, value); break;
                case List<object?> and [var key, var value]: result.Set(key, value); break;
                default: throw pickle.BadArguments("collections.OrderedDict");
            }
        }

        return result;
    }

    // How protocol 2 writes bytes: text, each character one byte.
    private static byte[] Encode(Unpickler pickle, object?[] args)
    {
        if (args is not [string text, "latin1"]) throw pickle.BadArguments("_codecs.encode");
        pickle.CountText(text.Length);
        return Latin1(pickle, text);
    }

    private static PickledDtype NumpyDtype(Unpickler pickle, object?[] args) =>
        args is [string code, ..] && PickledDtype.IsKnown(code) ? new PickledDtype(code) : throw pickle.BadArguments("numpy.dtype");

    private static object NumpyScalar(Unpickler pickle, object?[] args)
    {
        if (args is not [PickledDtype dtype, var raw]) throw pickle.BadArguments("a numpy scalar");
        var bytes = raw switch
        {
            byte[] b => b,
            string python2 => Latin1(pickle, python2),
            _ => throw pickle.BadArguments("a numpy scalar"),
        };
        if (bytes.Length != dtype.Size) throw pickle.BadArguments("a numpy scalar");
        return dtype.Code switch
        {
            "f8" => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            "f4" => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            "f2" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            "i8" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            "i4" => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            "i2" => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
            "i1" => (long)(sbyte)bytes[0],
            "b1" => bytes[0] != 0,
            _ => (long)bytes[0],
        };
    }

    private static byte[] Latin1(Unpickler pickle, string text)
    {
        foreach (char c in text)
            if (c > 0xFF) throw pickle.BadArguments("bytes");
        return Encoding.Latin1.GetBytes(text);
    }
}
