using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ResNetEdge.Service.Outputs.Mqtt;

/// <summary>The packets that a client sends, MQTT 3.1.1.</summary>
/// <remarks>Source: OASIS, MQTT Version 3.1.1, section 3.</remarks>
internal static class MqttPacket
{
    /// <summary>Bit of a PUBLISH that is sent again.</summary>
    public const byte DupFlag = 0x08;

    private const byte Level = 4; // of the protocol: 3.1.1

    /// <summary>The packet PINGREQ, which asks for a sign of life.</summary>
    public static ReadOnlySpan<byte> Ping => [0xC0, 0];

    /// <summary>The packet DISCONNECT, after which the broker sends no last will.</summary>
    public static ReadOnlySpan<byte> Disconnect => [0xE0, 0];

    /// <summary>
    /// CONNECT with a retained will of quality 1. The broker keeps the session, so that messages may be sent again in the next connection. Without a
    /// will it keeps none.
    /// </summary>
    /// <param name="clientId">Not empty.</param>
    /// <param name="keepAlive">Whole seconds.</param>
    /// <param name="willTopic">Told when the connection is lost; empty: no will.</param>
    /// <param name="lastWill">What is told.</param>
    /// <param name="user">Null: none.</param>
    /// <param name="password">Null: none; none without a user.</param>
    public static byte[] Connect(
        string clientId, TimeSpan keepAlive, ReadOnlySpan<byte> willTopic, ReadOnlySpan<byte> lastWill, string? user, string? password)
    {
        const int Clean = 0x02, Will = 0x04, WillQos1 = 0x08, WillRetain = 0x20, Password = 0x40, User = 0x80;
        var body = new ArrayBufferWriter<byte>();
        Text(body, "MQTT");
        int will = willTopic.IsEmpty ? Clean : Will | WillQos1 | WillRetain;
        body.Write([Level, (byte)(will | (user is null ? 0 : User) | (password is null ? 0 : Password))]);
        Number(body, (ushort)keepAlive.TotalSeconds);
        Text(body, clientId);
        if (!willTopic.IsEmpty)
        {
            Bytes(body, willTopic);
            Bytes(body, lastWill);
        }

        if (user is not null) Text(body, user);
        if (password is not null) Text(body, password);
        var packet = new ArrayBufferWriter<byte>();
        Head(packet, 0x10, body.WrittenCount);
        packet.Write(body.WrittenSpan);
        return packet.WrittenSpan.ToArray();
    }

    /// <summary>Writes a packet PUBLISH, a message.</summary>
    /// <param name="into">Gets the packet at its end.</param>
    /// <param name="topic">UTF-8, without wildcards.</param>
    /// <param name="payload">The message.</param>
    /// <param name="id">0: quality 0; else of this message until it is acknowledged, quality 1.</param>
    /// <param name="isRetained">The broker keeps it for who subscribes later.</param>
    public static void Publish(IBufferWriter<byte> into, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, ushort id, bool isRetained)
    {
        Head(into, (byte)(0x30 | (id == 0 ? 0 : 0x02) | (isRetained ? 1 : 0)), 2 + topic.Length + (id == 0 ? 0 : 2) + payload.Length);
        Bytes(into, topic);
        if (id != 0) Number(into, id);
        into.Write(payload);
    }

    /// <summary>Writes a packet SUBSCRIBE for one topic, quality 0; the broker answers SUBACK.</summary>
    /// <param name="into">Gets the packet at its end.</param>
    /// <param name="topic">UTF-8.</param>
    /// <param name="id">From 1; of no other that is under way.</param>
    public static void Subscribe(IBufferWriter<byte> into, ReadOnlySpan<byte> topic, ushort id)
    {
        Head(into, 0x82, 2 + 2 + topic.Length + 1);
        Number(into, id);
        Bytes(into, topic);
        into.Write([(byte)0]);
    }

    private static void Head(IBufferWriter<byte> into, byte type, int remaining)
    {
        into.Write([type]);
        do
        {
            int seven = remaining & 0x7F;
            remaining >>= 7;
            into.Write([(byte)(seven | (remaining > 0 ? 0x80 : 0))]);
        }
        while (remaining > 0);
    }

    private static void Text(ArrayBufferWriter<byte> into, string text) => Bytes(into, Encoding.UTF8.GetBytes(text));

    private static void Bytes(IBufferWriter<byte> into, ReadOnlySpan<byte> bytes)
    {
        Number(into, checked((ushort)bytes.Length));
        into.Write(bytes);
    }

    private static void Number(IBufferWriter<byte> into, ushort number)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, number);
        into.Write(two);
    }
}
