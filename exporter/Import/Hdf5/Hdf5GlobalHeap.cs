namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>Collections of objects of variable length, such as long texts.</summary>
internal static class Hdf5GlobalHeap
{
    private const int HeaderBytes = 16, ObjectHeaderBytes = 16;

    private static ReadOnlySpan<byte> Signature => "GCOL"u8;

    /// <summary>One object's bytes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="address">Of the collection.</param>
    /// <param name="index">Of the object within it.</param>
    /// <param name="length">Bytes wanted.</param>
    /// <param name="what">What messages call it.</param>
    /// <exception cref="EdgeException">Exit 3: there is no such object, or it is shorter.</exception>
    public static ReadOnlyMemory<byte> Read(Hdf5File file, ulong address, uint index, uint length, string what)
    {
        var head = file.At(address, HeaderBytes, Signature, what);
        head.Skip(4);
        ulong size = head.UInt64();
        if (size < HeaderBytes) throw head.Fail($"is in a heap of {size} bytes");
        var cursor = file.At(address + HeaderBytes, size - HeaderBytes, what);
        while (cursor.Remaining >= ObjectHeaderBytes)
        {
            int at = cursor.UInt16();
            cursor.Skip(6);
            ulong bytes = cursor.UInt64();
            if (at == 0) break; // free space
            if (bytes > (ulong)cursor.Remaining)
                throw cursor.Fail($"is in a heap whose object {at} has {bytes} bytes, where {cursor.Remaining} are left");
            var value = cursor.Take((long)bytes);
            cursor.Align();
            if (at == index)
                return length <= value.Length ? value[..(int)length] : throw cursor.Fail($"needs {length} bytes of an object of {value.Length}");
        }

        throw file.Fail(what, $"points to object {index} of a heap, which does not exist");
    }
}
