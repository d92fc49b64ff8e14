using System.Buffers;

namespace ResNetEdge.Onnx;

/// <summary>
/// Takes one field out of a serialized message without copying it. The parser copies every byte field; weights are the bulk of a
/// model and are to be held once.
/// </summary>
/// <remarks>A protobuf message is the concatenation of its fields, so what is left is again a message.</remarks>
internal static class WireSplit
{
    /// <summary>Splits <paramref name="message"/> into the payloads of one field, as slices, and a copy of all other fields.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public static (List<ReadOnlyMemory<byte>> Payloads, ReadOnlyMemory<byte> Others) Take(ReadOnlyMemory<byte> message, int field)
    {
        var payloads = new List<ReadOnlyMemory<byte>>();
        var others = new ArrayBufferWriter<byte>();
        var reader = new WireReader(message.Span);
        while (reader.Next())
        {
            if (reader.Field == field && reader.HasPayload) payloads.Add(message[reader.PayloadStart..reader.End]);
            else others.Write(message.Span[reader.Start..reader.End]);
        }

        return (payloads, others.WrittenMemory);
    }
}
